import { Button, Center } from "@mantine/core";
import { useEffect, useEffectEvent, useRef } from "react";
import { words } from "../../words.js";

/** How far below the window its end is when the next ones are fetched, so that who scrolls doesn't meet it. */
const AHEAD = "800px";

/**
 * The end of a list that grows: by itself when one comes near, or when it is pressed.
 *
 * @param {object} props
 * @param {{rest: number, more: number, grow: () => void}} props.growing
 */
export function ShowMore({ growing: { rest, more, grow } }) {
  const end = useRef(/** @type {HTMLDivElement | null} */ (null));
  const onNear = useEffectEvent(grow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an observer tells once where the end is, so each new end has its own
  useEffect(() => {
    if (!end.current) return;
    const observer = new IntersectionObserver(
      ([{ isIntersecting }]) => {
        if (isIntersecting) onNear();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [rest]);
  if (rest === 0) return null;
  return (
    <Center ref={end} mt="md">
      <Button variant="default" onClick={grow}>
        {words.list.more(more, rest)}
      </Button>
    </Center>
  );
}
