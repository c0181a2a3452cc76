import { expect, test } from "vitest";
import { completeFilter } from "../../../../src/core/search/completion";
import { parseFilter } from "../../../../src/core/search/filter";

const vocabulary = {
	metrics: ["loss", "val/loss", "acc"],
	params: ["lr", "model.depth", "in", "a`b"],
	tags: ["team", "mlflow.note.content"],
};

/** `|` is the caret. */
function offered(written: string) {
	const caret = written.indexOf("|");
	const { from, options } = completeFilter(written.replace("|", ""), caret, vocabulary);
	return { replaces: written.slice(from, caret), texts: options.map(({ text }) => text) };
}

test("an empty filter offers every key, metrics first", () => {
	const { replaces, texts } = offered("|");
	expect(replaces).toBe("");
	expect(texts.slice(0, 4)).toEqual(["metrics.loss", "metrics.`val/loss`", "metrics.acc", "params.lr"]);
	expect(texts).toContain("status");
	expect(texts).toContain("tags.mlflow.note.content");
});

test.each([
	["los|", "los", ["metrics.loss", "metrics.`val/loss`"]],
	["metrics.val/l|", "metrics.val/l", ["metrics.`val/loss`"]],
	["metrics.`val|", "metrics.`val", ["metrics.`val/loss`"]],
	["params.|", "params.", ["params.lr", "params.model.depth", "params.`in`", 'params."a`b"']],
	["metrics.loss |", "", ["=", "!=", "<", "<=", ">", ">="]],
	["metrics.loss <|", "<", ["<="]],
	["params.lr |", "", ["=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"]],
	["params.lr il|", "il", ["ILIKE"]],
	["run_id n|", "n", ["NOT IN", "IN"]],
	["status = |", "", ["'RUNNING'", "'SCHEDULED'", "'FINISHED'", "'FAILED'", "'KILLED'"]],
	["status = 'f|", "'f", ["'FINISHED'", "'FAILED'"]],
	["status = 'FAILED'|", "'FAILED'", []],
	["metrics.loss < 0.5 |", "", ["AND"]],
	["metrics.loss < 0.5 a|", "a", ["AND"]],
	["tags.team IS NULL |", "", ["AND"]],
	["metrics.loss < 0.5 AND acc|", "acc", ["metrics.acc"]],
	["metrics.loss < 0.5 AND params.lr = 'a' and te|", "te", ["tags.team", "tags.mlflow.note.content"]],
	["metrics.loss < |", "", []],
	["nonsense.x = |", "nonsense.x = ", []],
])("%s replaces %j with one of %j", (written, replaces, texts) => {
	expect(offered(written)).toEqual({ replaces, texts });
});

test("what is before the caret decides, not what follows", () => {
	expect(offered("metrics.l| < 3").texts).toEqual(["metrics.loss"]);
});

test("every key offered is one the filter takes", () => {
	for (const { text, detail } of completeFilter("", 0, vocabulary).options) {
		const isNumber = detail === "metric" || text.endsWith("_time");
		expect(parseFilter(`${text} = ${isNumber ? "1" : "'x'"}`)).toHaveLength(1);
	}
});
