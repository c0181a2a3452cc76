import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OutputLog } from "../../../src/adapters/sidecar/outputLog";
import { trainingFolder } from "../../support/sidecar";

test("a log ends at its cap, with a notice", async () => {
	using folder = trainingFolder();
	const path = join(folder.path, "logs", "output.log");
	const log = new OutputLog(path, 10);
	for (const text of ["123456", "789abc", "never"]) log.write(new TextEncoder().encode(text));
	await log.end();
	expect(readFileSync(path, "utf8")).toBe(
		"123456789a\n[gamma: the log ends here, at 10 bytes; the rest is not kept]\n",
	);
});
