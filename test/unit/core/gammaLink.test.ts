import fc from "fast-check";
import { expect, test } from "vitest";
import { parseGammaLink, toRunLink } from "../../../src/core/gammaLink";

test("a link to a run and one to charts are understood", () => {
	expect(parseGammaLink("/run", "id=abc")).toEqual({ kind: "run", runId: "abc" });
	expect(parseGammaLink("/charts", "run=a&run=s/b")).toEqual({ kind: "charts", runIds: ["a", "s/b"], view: null });
	expect(parseGammaLink("/charts", 'run=a&view={"logX":true}')).toMatchObject({ view: '{"logX":true}' });
});

test.each([
	["/run", ""],
	["/run", "id="],
	["/run", "id=a&id=b"],
	["/run", "id=a&command=workbench.action.quit"],
	["/run", `id=${"x".repeat(1025)}`],
	["/run/", "id=a"],
	["/auth", "code=x&state=wrong"],
	["/charts", ""],
	["/charts", "run=a&__proto__=x"],
	["/charts", Array.from({ length: 201 }, (_, i) => `run=${i}`).join("&")],
	["/command/workbench.action.quit", ""],
	["", "id=a"],
])("%s?%s is refused", (path, query) => {
	expect(parseGammaLink(path, query)).toBeNull();
});

test("whatever is given, nothing is thrown", () => {
	fc.assert(
		fc.property(
			fc.constantFrom("/run", "/charts", "/x"),
			fc.string(),
			(path, query) => void parseGammaLink(path, query),
		),
	);
});

test("every run's link leads back to it, through VS Code's own decoding", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), (id) => {
			const query = toRunLink("vscode", "gamma-ml.gamma", id).split("?")[1] ?? "";
			expect(parseGammaLink("/run", decodeURIComponent(query))).toEqual({ kind: "run", runId: id });
		}),
	);
	expect(toRunLink("vscode", "gamma-ml.gamma", "0123abcd")).toBe("vscode://gamma-ml.gamma/run?id=0123abcd");
});
