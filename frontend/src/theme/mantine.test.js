import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("every component in use brings its styles", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".jsx"),
  );
  const named = files.flatMap((file) =>
    [...readFileSync(`src/${file}`, "utf8").matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)].flatMap(
      ([, names = ""]) => names.split(",").map((name) => name.trim()),
    ),
  );
  const styled = named.filter((name) => name && existsSync(`node_modules/@mantine/core/styles/${name}.css`));
  expect(styled).toContain("Button");
  const brought = readFileSync("src/theme/mantine.css", "utf8");
  expect(new Set(styled.filter((name) => !brought.includes(`/${name}.layer.css`)))).toEqual(new Set());
});
