import { expect, test } from "vitest";
import { chooseProject, type ProjectQuestion } from "../../../../src/core/agent/chooseProject";

const digits = { id: "d", name: "Digits", repository: "Team/digits" };
const faces = { id: "f", name: "Faces", repository: "team/faces" };
const choose = (change: Partial<ProjectQuestion>) =>
	chooseProject({ projects: [digits, faces], kind: "shared", repository: null, answer: null, ...change });

test("the clone's repository decides, whatever was said before and however it is spelt", () => {
	expect(choose({ repository: "team/Digits", answer: { projectId: "f" } })).toBe("d");
	expect(choose({ repository: "team/digits", answer: { projectId: null } })).toBe("d");
});

test("where it does not, what the person said counts, as long as that project is there", () => {
	expect(choose({ answer: { projectId: "f" } })).toBe("f");
	expect(choose({ answer: { projectId: null } })).toBeNull();
	expect(choose({ answer: { projectId: "gone" } })).toBe("ask");
	expect(choose({})).toBe("ask");
});

test("the only project is taken, but never a team's of another repository", () => {
	expect(choose({ projects: [digits] })).toBe("d");
	expect(choose({ projects: [digits], repository: "me/notes", kind: "local" })).toBe("d");
	expect(choose({ projects: [digits], repository: "me/notes" })).toBe("ask");
	expect(choose({ projects: [] })).toBeNull();
});
