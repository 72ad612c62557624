import { Button, Group, Text } from "@mantine/core";
import { IconStethoscope } from "@tabler/icons-react";
import { words } from "../../../words.js";
import classes from "./FormFoot.module.css";

/**
 * The buttons below the form, in sight however long it is; above them what the server refused.
 *
 * @param {object} props
 * @param {string | null} props.status what is going on
 * @param {boolean} props.isAdding
 * @param {boolean} props.isChecking
 * @param {() => void} props.onCheck
 * @param {() => void} props.onCancelCheck
 * @param {() => void} props.onClose
 * @param {React.ReactNode} props.children
 */
export function FormFoot({ status, isAdding, isChecking, onCheck, onCancelCheck, onClose, children }) {
  return (
    <>
      {children && <div className={classes.refused}>{children}</div>}
      <div className={classes.foot}>
        {status && (
          <Text size="xs" c="dimmed" role="status" w="100%">
            {status}
          </Text>
        )}
        {isChecking ? (
          <Button variant="default" onClick={onCancelCheck}>
            {words.check.cancel}
          </Button>
        ) : (
          <Button
            variant="light"
            leftSection={<IconStethoscope size={16} aria-hidden="true" />}
            disabled={isAdding}
            onClick={onCheck}
          >
            {words.check.submit}
          </Button>
        )}
        <Group gap="sm" ml="auto">
          <Button variant="default" onClick={onClose}>
            {words.common.cancel}
          </Button>
          <Button type="submit" loading={isAdding}>
            {words.common.apply}
          </Button>
        </Group>
      </div>
    </>
  );
}
