import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../testing/render.jsx";
import { aSession } from "../testing/samples.js";
import { problem, serveApi } from "../testing/server.js";
import { useTokens } from "./access.js";
import { useSession } from "./session.js";

/** Who one is, and what asks for more than a reader may see. */
function Asking() {
  const session = useSession().data;
  return session ? <Tokens role={session.role} /> : null;
}

/** @param {{role: string}} props */
function Tokens({ role }) {
  useTokens();
  return <p>{role}</p>;
}

it("asks who one is when something isn't allowed any more", async () => {
  let role = /** @type {"ADMIN" | "READ"} */ ("ADMIN");
  await serveApi({
    "GET session": () => {
      const now = role;
      role = "READ";
      return { json: aSession({ role: now }) };
    },
    "GET tokens": () => problem(403, "not-allowed", "The role READ may not do this."),
  });
  show(<Asking />);
  expect(await screen.findByText("READ")).toBeTruthy();
});
