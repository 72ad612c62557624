import { Skeleton, Stack } from "@mantine/core";

/** What stands in a modal until its choices are loaded. */
export function FormSkeleton() {
  return (
    <Stack aria-hidden="true">
      {[0, 1, 2, 3].map((i) => (
        <Skeleton key={i} height={52} />
      ))}
    </Stack>
  );
}
