import { parse } from "partial-json";
import { describe, expect, test } from "vitest";
import { LiveEdits } from "../../../../src/core/agent/liveEdits";
import { growingFile, writingEdit } from "../../../../src/core/agent/writingEdit";
import type { ProposedFile } from "../../../../src/core/edits/proposedEdits";

const base = "lr = 0.1\nepochs = 80\nseed = 1\n";
const input = {
	path: "train.py",
	title: "Train for less time",
	edits: [
		{ old: "lr = 0.1\n", new: "lr = 0.05\nwarmup = 10\n" },
		{ old: "epochs = 80\n", new: "epochs = 6\n" },
	],
};
const json = JSON.stringify(input);
const upTo = (mark: string) => parse(json.slice(0, json.indexOf(mark) + mark.length)) as unknown;

describe("an edit while it is written", () => {
	test("is nothing before its path is whole, then grows letter by letter to what is proposed", () => {
		expect(writingEdit("propose_edit", upTo('"train.p'))).toBeNull();
		expect(growingFile("propose_edit", upTo('"train.p'), base)).toBeNull();
		expect(writingEdit("propose_edit", upTo('"Train'))).toMatchObject({ path: "train.py", hunkCount: 0 });
		// Its old lines are known, its new ones have not begun: the file is as it was.
		expect(growingFile("propose_edit", upTo('"old":"lr = 0.1\\n"'), base)?.text).toBe(base);
		expect(growingFile("propose_edit", upTo("lr = 0.05\\nwarm"), base)?.text).toBe(
			base.replace("lr = 0.1\n", "lr = 0.05\nwarm"),
		);
		expect(writingEdit("propose_edit", upTo("lr = 0.05\\nwarm"))).toEqual({
			...{ path: "train.py", kind: "edit", added: 2, removed: 1, hunkCount: 1 },
			hunks: [{ old: "lr = 0.1\n", new: "lr = 0.05\nwarm" }],
		});
		expect(growingFile("propose_edit", input, base)?.text).toBe("lr = 0.05\nwarmup = 10\nepochs = 6\nseed = 1\n");
	});

	test("every beginning of a call gives a file that can be shown, and never more lines than the whole", () => {
		for (let end = 1; end <= json.length; end++) {
			let partial: unknown;
			try {
				partial = parse(json.slice(0, end));
			} catch {
				continue;
			}
			const file = growingFile("propose_edit", partial, base);
			if (file?.text) expect(file.text.split("\n").length).toBeLessThanOrEqual(5);
			expect(writingEdit("propose_edit", partial)?.added ?? 0).toBeLessThanOrEqual(3);
		}
	});

	test("a new file grows from nothing; other calls, and paths that are no edit's, show nothing", () => {
		const made = { path: "a.py", title: "t", text: "x = 1\ny" };
		expect(writingEdit("propose_new_file", made)).toMatchObject({ kind: "create", added: 2, removed: 0 });
		expect(growingFile("propose_new_file", made, null)).toMatchObject({
			kind: "create",
			baseText: null,
			text: "x = 1\ny",
		});
		expect(writingEdit("read_file", input)).toBeNull();
		for (const path of ["../out.py", ".git/config", ".env", "/etc/passwd", "a\u202Eb.py"]) {
			expect(writingEdit("propose_edit", { ...input, path })).toBeNull();
			expect(growingFile("propose_edit", { ...input, path }, base)).toBeNull();
		}
		for (const broken of [null, 7, [], { path: 7, title: "" }, { path: "a", edits: "x" }])
			expect(writingEdit("propose_edit", broken)).toBeNull();
	});

	test("of a long edit the panel gets its end, and the count of the rest", () => {
		const edits = Array.from({ length: 9 }, (_, at) => ({
			old: `a${at}\n`,
			new: `${"x = 1\n".repeat(2_000)}end ${at}`,
		}));
		const writing = writingEdit("propose_edit", { ...input, edits });
		expect(writing).toMatchObject({ hunkCount: 9, added: 9 * 2_001, removed: 9 });
		expect(writing?.hunks.map((hunk) => hunk.new.split("\n").at(-1))).toEqual(["end 6", "end 7", "end 8"]);
		expect(JSON.stringify(writing).length).toBeLessThan(8_000);
	});
});

describe("the file that grows in the editor", () => {
	test("is read once, follows what is written, and is gone with the last of it", async () => {
		const shown: (ProposedFile | null)[] = [];
		let reads = 0;
		const read = async () => ({ text: reads++ === 0 ? base : "changed meanwhile", lines: 3, isCut: false });
		const live = new LiveEdits(() => ({ read }), { preview: (_, file) => shown.push(file) });
		await live.show("propose_edit", upTo("lr = 0.05"), "c1");
		await live.show("propose_edit", input, "c1");
		await live.show("", null, "c1");
		expect(reads).toBe(1);
		expect(shown.map((file) => file?.text?.split("\n").length ?? null)).toEqual([3, 5, null]);
	});

	test("what comes after the end, or of a file that cannot be read, is not shown", async () => {
		const shown: (ProposedFile | null)[] = [];
		const slow = Promise.withResolvers<{ text: string; lines: number; isCut: boolean }>();
		const live = new LiveEdits(() => ({ read: () => slow.promise }), { preview: (_, file) => shown.push(file) });
		const late = live.show("propose_edit", input, "c1");
		await live.show("", null, "c1");
		slow.resolve({ text: base, lines: 3, isCut: false });
		await late;
		expect(shown).toEqual([null]);
		const refused = new LiveEdits(() => ({ read: () => Promise.reject(new Error("no")) }), {
			preview: (_, file) => shown.push(file),
		});
		await refused.show("propose_edit", input, "c1");
		expect(shown).toEqual([null]);
	});
});
