import { Button, Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import { words } from "../../words.js";
import classes from "./Running.module.css";

/**
 * Tells that a run goes on and for how long, and breaks it off.
 *
 * @param {object} props
 * @param {number | null} props.sent 0..1 of a large input; null where sending takes no time
 * @param {() => void} props.onCancel
 */
export function Running({ sent, onCancel }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const began = performance.now();
    const timer = setInterval(() => setSeconds((performance.now() - began) / 1000), 100);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={classes.running}>
      <Loader size="xs" aria-hidden="true" />
      <span role="status">{words.run.running}</span>
      {sent !== null && sent < 1 && <span>{words.files.sent(Math.floor(sent * 100))}</span>}
      <span aria-hidden="true">{seconds.toFixed(1)} s</span>
      <Button size="compact-sm" variant="default" onClick={onCancel}>
        {words.common.cancel}
      </Button>
    </div>
  );
}
