import { describe, expect, test } from "vitest";
import {
	proposedBranch,
	proposedMessage,
	runOfMessage,
	withRunTrailers,
} from "../../../../src/core/edits/commitMessage";
import { fixesWords } from "../../../../src/core/jobs/fixedRun";

const id = "0123456789abcdef0123456789abcdef";

describe("the run that a commit fixes", () => {
	test.each([
		["Lower the rate\n\nGamma-Run: 57\n", "fixes run 57"],
		[`Lower the rate\n\nIt diverged.\n\nGamma-Run: ${id}\nSigned-off-by: Ada`, "fixes run 01234567"],
		["Lower the rate", null],
		// Only the last paragraph holds trailers, as git reads them.
		["Gamma-Run: 57\n\nis what the trailer looks like", null],
		["x\n\nGamma-Run: ../../etc\n", null],
		["x\n\nGamma-Run: [57](command:x)\n", null],
	])("%j says %j", (message, words) => expect(fixesWords({ message }, null)).toBe(words));

	test("its name is said where it is known", () => {
		expect(fixesWords({ message: "x\n\nGamma-Run: 57" }, "warm-fox\n12")).toBe("fixes warm-fox 12");
	});

	test("is a trailer that is read as it was written, each run once", () => {
		const message = withRunTrailers("Lower the rate\n", [id, null, id, "not a run\nX: y"]);
		expect(message).toBe(`Lower the rate\n\nGamma-Run: ${id}\n`);
		expect(runOfMessage(message)).toBe(id);
		expect(withRunTrailers("Lower the rate", [null])).toBe("Lower the rate\n");
		// Trailers of the person's own stay in one paragraph with it, which is all that git reads.
		const signed = withRunTrailers("Lower the rate\n\nIt diverged.\n\nSigned-off-by: Ada <a@b.c>", [id]);
		expect(signed).toBe(`Lower the rate\n\nIt diverged.\n\nSigned-off-by: Ada <a@b.c>\nGamma-Run: ${id}\n`);
		expect(withRunTrailers("fix: lower it", [id])).toBe(`fix: lower it\n\nGamma-Run: ${id}\n`);
	});
});

describe("what a commit is proposed to be", () => {
	const set = { version: 1, id: "s", conversationId: "c", runId: null, folder: "", createdAtMs: 0, files: [] } as const;
	const titled = (title: string) => ({ ...set, files: [], title, told: { accepts: [], rejected: 0 } });

	test("the proposal's own title, cut to a subject", () => {
		expect(proposedMessage([titled("lower the rate\nand more")])).toEqual({ subject: "Lower the rate", body: "" });
		const long = proposedMessage([titled("x".repeat(100)), titled("warm up"), titled("warm up")]);
		expect(long.subject).toHaveLength(72);
		expect(long.body).toBe(`X${"x".repeat(99)}\n\n- Warm up`);
		expect(proposedMessage([titled(" ")])).toEqual({ subject: "Apply proposed edits", body: "" });
	});

	test("a branch below models/ that is not taken", () => {
		expect(proposedBranch("Lower the rate (é)!", [])).toBe("models/lower-the-rate-e");
		expect(proposedBranch("Fix", ["models/fix", "models/fix-2"])).toBe("models/fix-3");
		expect(proposedBranch("模型", [])).toBe("models/fix");
	});
});
