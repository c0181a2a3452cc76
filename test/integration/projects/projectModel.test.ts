import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RelayClient } from "../../../src/adapters/relay/relayClient";
import { Emitter } from "../../../src/core/emitter";
import type { ForgeAddress } from "../../../src/core/git/forgeAddress";
import { silentLogger } from "../../../src/core/logger";
import { ProjectModel } from "../../../src/core/projects/projectModel";
import type { RelayAccessState } from "../../../src/core/relay/relayAccess";
import { userOfToken } from "../../../src/ui/projects/userOfToken";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { testLogger } from "../../support/testLogger";
import { commit, postGithub, pushOf } from "../../support/webhooks";

/** The projects as one person in one window sees them. */
function windowOf(relay: RelayUnderTest, token: string, kind: "local" | "shared", here: string | null = null) {
	const accessChanged = new Emitter<void>();
	const forgeChanged = new Emitter<void>();
	const scene = {
		access: { state: "ready", url: relay.url, kind } as RelayAccessState,
		forge: here === null ? null : ({ host: "github.com", repository: here } as ForgeAddress | null),
		lookedMs: 0,
		token,
		go: (access: RelayAccessState) => {
			scene.access = access;
			accessChanged.fire();
		},
	};
	const access = {
		get snapshot() {
			return scene.access;
		},
		onDidChange: accessChanged.event,
		token: async () => scene.token,
		renewToken: async () => scene.token,
	};
	const client = new RelayClient({ url: relay.url, access, logger: testLogger });
	const projects = new ProjectModel({
		access,
		relay: async () => client,
		userOf: userOfToken,
		forge: () => scene.forge,
		onDidChangeForge: forgeChanged.event,
		lookedMs: () => scene.lookedMs,
		logger: silentLogger,
	});
	return { scene, client, projects };
}

describe("on this machine's own relay", () => {
	let relay: RelayUnderTest;
	beforeAll(async () => {
		relay = await startTestRelay();
	});
	afterAll(() => relay.close());

	test("a repository is added, is this window's, and its pushes count", async () => {
		const { client, projects, scene } = windowOf(relay, relay.token ?? "", "local", "Acme/Digits");
		expect(projects.snapshot).toMatchObject({ state: { kind: "reading" }, addable: null });
		await projects.refresh();
		expect(projects.snapshot).toMatchObject({
			state: { kind: "ready" },
			entries: [],
			addable: "Acme/Digits",
			userId: null,
		});

		await client.makeProject({ name: "digits", repository: "acme/digits" });
		await client.makeProject({ name: "a first one", repository: "acme/other" });
		await postGithub(relay.url, "push", pushOf("acme/digits", "models/a", commit(1)));
		await projects.refresh();
		const { entries, addable } = projects.snapshot;
		expect(
			entries.map(({ project: { name }, isHere, role, summary }) => [name, isHere, role, summary?.waitingCount]),
		).toEqual([
			["digits", true, "owner", 1],
			["a first one", false, "owner", 0],
		]);
		expect(addable).toBeNull();

		scene.forge = null;
		expect(projects.snapshot.entries.map(({ isHere }) => isHere)).toEqual([false, false]);
	});

	test("one that was removed is gone, and can be added again", async () => {
		const { client, projects } = windowOf(relay, relay.token ?? "", "local", "acme/digits");
		const there = (await client.projects()).find(({ repository }) => repository === "acme/digits");
		await client.deleteProject(there?.id ?? "");
		await projects.refresh();
		expect(projects.snapshot.entries.map(({ project: { name } }) => name)).toEqual(["a first one"]);
		expect(projects.snapshot.addable).toBe("acme/digits");
	});

	test("without a relay, signed out and with one that is away it says so, and forgets what it must", async () => {
		const { projects, scene } = windowOf(relay, relay.token ?? "", "local");
		await projects.refresh();
		expect(projects.snapshot.entries.length).toBeGreaterThan(0);
		scene.go({ state: "none" });
		expect(projects.snapshot).toMatchObject({ state: { kind: "noRelay" }, entries: [], addable: null });
		await projects.refresh();
		expect(projects.snapshot.state.kind).toBe("noRelay");
		scene.go({ state: "signedOut", url: relay.url });
		expect(projects.snapshot.state.kind).toBe("signedOut");

		const wrong = windowOf(relay, "another-relays-token", "local");
		await wrong.projects.refresh();
		expect(wrong.projects.snapshot.state).toMatchObject({
			kind: "failed",
			reason: expect.stringMatching(/sign in/),
		});
	});
});

describe.skipIf(!postgresFolder)("on a team's relay (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	beforeAll(async () => {
		postgres = await startPostgres();
		relay = await startTestRelay(sharedRelay(postgres));
	});
	afterAll(async () => {
		await relay?.close();
		await postgres?.stop();
	});

	const people = { ada: randomUUID(), bob: randomUUID(), eve: randomUUID() };
	const as = async (who: keyof typeof people) => windowOf(relay, await accessToken(people[who]), "shared");
	let projectId = "";
	beforeEach(async () => {
		// Who has not been seen by the relay cannot be added.
		for (const who of ["ada", "bob", "eve"] as const) await (await as(who)).client.projects();
		const { client } = await as("ada");
		projectId = (await client.makeProject({ name: "digits", repository: `acme/${randomUUID().slice(0, 8)}` })).id;
	});

	const roleOf = async (who: keyof typeof people) => {
		const { projects } = await as(who);
		await projects.refresh();
		return projects.entry(projectId)?.role;
	};

	test("each sees their own role, and who is not in it sees nothing", async () => {
		const { client } = await as("ada");
		expect([await roleOf("ada"), await roleOf("bob")]).toEqual(["owner", undefined]);
		await client.addMember(projectId, people.bob, "viewer");
		expect(await roleOf("bob")).toBe("viewer");
		await client.addMember(projectId, people.bob, "owner");
		expect(await roleOf("bob")).toBe("owner");
		await client.removeMember(projectId, people.bob);
		expect(await roleOf("bob")).toBeUndefined();
	});

	test("another person's token at the same relay shows that person's roles, and nothing of the one before", async () => {
		const { client, projects, scene } = await as("ada");
		await client.addMember(projectId, people.bob, "viewer");
		await projects.refresh();
		expect(projects.entry(projectId)?.role).toBe("owner");
		scene.token = await accessToken(people.bob);
		const roles: (string | null | undefined)[] = [];
		projects.onDidChange(() => roles.push(projects.entry(projectId)?.role));
		await projects.refresh();
		expect(roles).not.toContain("owner");
		expect(projects.entry(projectId)?.role).toBe("viewer");
		expect(projects.snapshot.userId).toBe(people.bob);
	});

	test("what only an owner may do, the relay refuses the others in words", async () => {
		await (await as("ada")).client.addMember(projectId, people.bob, "member");
		const { client } = await as("bob");
		for (const forbidden of [
			() => client.changeProject(projectId, { target: "runner" }),
			() => client.deleteProject(projectId),
			() => client.addMember(projectId, people.eve, "viewer"),
			() => client.removeMember(projectId, people.ada),
		]) {
			await expect(forbidden()).rejects.toMatchObject({
				code: "relay.refused",
				message: expect.stringMatching(/owner/),
			});
		}
		await expect((await as("ada")).client.removeMember(projectId, people.ada)).rejects.toMatchObject({
			message: expect.stringMatching(/keeps an owner/),
		});
	});

	test("the list is there before the summaries are", async () => {
		const { projects } = await as("ada");
		const seen: (string | undefined)[] = [];
		projects.onDidChange(() => {
			const entry = projects.entry(projectId);
			seen.push(entry && (entry.summary ? "summary" : "listed"));
		});
		await projects.refresh();
		expect(seen[0]).toBe("listed");
		expect(seen.at(-1)).toBe("summary");
	});
});
