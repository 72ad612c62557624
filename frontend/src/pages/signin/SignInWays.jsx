import { SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { words } from "../../words.js";
import { PasswordForm } from "./PasswordForm.jsx";
import { TokenForm } from "./TokenForm.jsx";

const { how, ways, explainToken } = words.signIn;

/** The forms of a server that has users; a person's comes first. */
export function SignInWays() {
  const [way, setWay] = useState("password");
  return (
    <Stack>
      <SegmentedControl
        aria-label={how}
        value={way}
        onChange={setWay}
        fullWidth
        data={[
          { value: "password", label: ways.password },
          { value: "token", label: ways.token },
        ]}
      />
      {way === "password" ? <PasswordForm /> : <TokenForm explain={explainToken} />}
    </Stack>
  );
}
