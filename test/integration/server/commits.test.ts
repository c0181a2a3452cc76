import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../../server/database/database";
import { connectPostgres } from "../../../server/database/postgres";
import { RelayClient } from "../../../src/adapters/relay/relayClient";
import { GithubServer } from "../../support/githubServer";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, jwtSecret, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { accessTo } from "../../support/relayAccess";
import { SupabaseAuthServer } from "../../support/supabaseAuth";
import { testLogger } from "../../support/testLogger";
import { makePeople, makeProject, people } from "../../support/userRoutes";
import { postGithub } from "../../support/webhooks";

const branch = "models/lr-sweep";
const first = {
	"train.py": "print(1)\n",
	"run.sh": "python train.py\n",
	"data.link": "elsewhere",
	"src/net.py": "pass\n",
};

let github: GithubServer;
let count = 0;
/** A repository of its own, with the App in it. */
function makeRepository(isInstalled = true): { repository: string; installation: number; head: string } {
	const repository = `Acme/digits-${++count}`;
	const installation = 1_000 + count;
	const head = github.makeRepository(repository, branch, first);
	if (isInstalled) github.installations.set(repository.toLowerCase(), installation);
	return { repository, installation, head };
}
beforeAll(async () => {
	github = await GithubServer.start();
});
beforeEach(() => {
	github.asked.length = 0;
	github.instead = () => undefined;
	github.tokenSeconds = 3_600;
});
afterAll(() => github?.stop());

const appSettings = () => ({
	GITHUB_APP_ID: github.appId,
	// As hosts that keep a secret in one line give it.
	GITHUB_APP_PRIVATE_KEY: github.privateKey.replaceAll("\n", "\\n"),
	GITHUB_API_URL: `${github.url}/`,
});
const tokensAsked = () => github.asked.filter((line) => line.includes("access_tokens")).length;

describe("a commit by the GitHub App, on a local relay", () => {
	let relay: RelayUnderTest;
	beforeAll(async () => {
		relay = await startTestRelay(appSettings());
	});
	afterAll(() => relay?.close());
	const make = async (isInstalled = true) => {
		const made = makeRepository(isInstalled);
		const body = { name: "p", repository: made.repository };
		const { id } = (await relay.ask("POST", "/api/projects", { body })).body;
		return {
			...made,
			id,
			commit: (more: object = {}) =>
				relay.ask("POST", `/api/projects/${id}/commits`, {
					body: {
						branch,
						baseSha: made.head,
						message: "Halve the rate\n\nIt overshot.",
						files: [{ path: "train.py", content: "print(2)\n" }],
						...more,
					},
				}),
		};
	};

	test("changes, adds and removes files on top of the branch, and leaves all else as it was", async () => {
		const { repository, head, commit } = await make();
		const files = [
			{ path: "train.py", content: "print('ä')\n" },
			{ path: "run.sh", content: "python -u train.py\n" },
			{ path: "conf/deep/lr.json", content: "" },
			{ path: "src/net.py", content: null },
		];
		const { status, body } = await commit({ files });
		expect(status, JSON.stringify(body)).toBe(201);
		const sha = String(body.commitSha);
		expect(body).toEqual({ commitSha: sha, branch, url: `https://github.com/${repository}/commit/${sha}` });
		expect(github.git(repository, ["rev-parse", `refs/heads/${branch}`])).toBe(sha);
		expect(github.git(repository, ["rev-parse", `${sha}^`])).toBe(head);
		expect(github.git(repository, ["show", "-s", "--format=%B", sha]).trim()).toBe("Halve the rate\n\nIt overshot.");
		const changed = github.git(repository, ["diff-tree", "-r", "--raw", "--abbrev=40", head, sha]).split("\n");
		expect(changed.map((line) => line.replace(/ [0-9a-f]{40}/g, ""))).toEqual([
			":000000 100644 A\tconf/deep/lr.json",
			":100755 100755 M\trun.sh",
			":100644 000000 D\tsrc/net.py",
			":100644 100644 M\ttrain.py",
		]);
		expect(github.git(repository, ["show", `${sha}:train.py`])).toBe("print('ä')");
		expect(github.asked.filter((line) => line.startsWith("PATCH"))).toHaveLength(1);
	});

	test("is made as the editor asks for it, and where the branch moved the editor knows where it is", async () => {
		const { repository, head, id } = await make();
		const client = new RelayClient({
			url: relay.url,
			access: accessTo(relay.url, String(relay.token)),
			logger: testLogger,
		});
		const wish = { branch, baseSha: head, message: "Halve the rate\n\nGamma-Run: 57\n" };
		const files = [{ path: "train.py", content: "print(2)\n" }];
		const made = await client.makeCommit(String(id), { ...wish, files });
		const sha = github.git(repository, ["rev-parse", `refs/heads/${branch}`]);
		expect(made).toEqual({ kind: "made", commitSha: sha, url: `https://github.com/${repository}/commit/${sha}` });
		expect(await client.makeCommit(String(id), { ...wish, files })).toEqual({ kind: "moved", headSha: sha });
		// Another conflict is no move of the branch.
		const { id: elsewhere, head: other } = await make(false);
		const refused = client.makeCommit(String(elsewhere), { ...wish, baseSha: other, files });
		await expect(refused).rejects.toThrow(/not installed/);
	});

	test("begins a branch of its own where it is asked to, and never takes over one that is there", async () => {
		const { repository, head, commit } = await make();
		const made = await commit({ branch: "models/fix", isNewBranch: true });
		expect(made).toMatchObject({ status: 201, body: { branch: "models/fix" } });
		expect(github.git(repository, ["rev-parse", "refs/heads/models/fix"])).toBe(made.body.commitSha);
		expect(github.git(repository, ["rev-parse", "refs/heads/models/fix^"])).toBe(head);
		expect(github.git(repository, ["rev-parse", `refs/heads/${branch}`])).toBe(head);
		const again = await commit({ branch: "models/fix", isNewBranch: true, files: [{ path: "b.py", content: "1" }] });
		expect(again).toMatchObject({ status: 409, body: { headSha: made.body.commitSha } });
		// Somebody makes it at the last moment.
		github.instead = (line) => {
			if (line.startsWith("POST") && line.endsWith("/git/refs"))
				github.git(repository, ["update-ref", "refs/heads/models/late", head]);
			return undefined;
		};
		const late = await commit({ branch: "models/late", isNewBranch: true });
		expect(late).toMatchObject({ status: 409, body: { headSha: head } });
		const unknown = await commit({ branch: "models/other", isNewBranch: true, baseSha: "0123456789".repeat(4) });
		expect(unknown).toMatchObject({ status: 404, body: { detail: expect.stringContaining("push the branch") } });
	});

	test("is refused with the branch's head when that has moved, before it and while it is made", async () => {
		const { repository, head, commit } = await make();
		const won = await commit();
		expect(won.status).toBe(201);
		const late = await commit({ files: [{ path: "other.py", content: "1" }] });
		expect(late.status).toBe(409);
		expect(late.body).toMatchObject({ headSha: won.body.commitSha, detail: expect.stringContaining("has moved") });
		// Somebody pushes at the last moment.
		const before = String(won.body.commitSha);
		let pushed = "";
		github.instead = (line) => {
			if (line.startsWith("PATCH") && pushed === "") {
				const tree = github.git(repository, ["rev-parse", `${head}^{tree}`]);
				pushed = github.git(repository, ["commit-tree", tree, "-p", before, "-m", "meanwhile"]);
				github.git(repository, ["update-ref", `refs/heads/${branch}`, pushed]);
			}
			return undefined;
		};
		const raced = await commit({ baseSha: before, files: [{ path: "mine.py", content: "1" }] });
		expect(raced.status).toBe(409);
		expect(raced.body).toMatchObject({ headSha: pushed });
		expect(github.git(repository, ["rev-parse", `refs/heads/${branch}`])).toBe(pushed);
	});

	test("takes no path that is none, and nothing that would be no commit", async () => {
		const { repository, head, commit } = await make();
		for (const path of [
			"",
			"/etc/passwd",
			"../x",
			"a/../../x",
			"a/./b",
			"a//b",
			"a/",
			".git/config",
			"a/.GIT/hooks/post-checkout",
			".git /config",
			".git./config",
			"git~1/config",
			".g\u200cit/config",
			"a\\b",
			"C:/x",
			"a:stream",
			"a\nb",
			"a\0b",
			"\ud800",
			"x".repeat(256),
			`${"d/".repeat(2_100)}x`,
		]) {
			expect((await commit({ files: [{ path, content: "1" }] })).status, JSON.stringify(path)).toBe(400);
		}
		const one = { path: "a", content: "1" };
		for (const more of [
			{ files: [] },
			{ files: [one, one] },
			{ files: [one, { path: "a/b", content: "1" }] },
			{ files: Array.from({ length: 101 }, (_, n) => ({ path: `f${n}`, content: "1" })) },
			{ files: [{ path: "a", content: "1\0" }] },
			{ message: " \n" },
			{ branch: "a/../b" },
			{ branch: "a/./b" },
			{ branch: "-d" },
			{ branch: "x.lock" },
			{ baseSha: "HEAD" },
		]) {
			expect((await commit(more)).status, JSON.stringify(more).slice(0, 100)).toBe(400);
		}
		expect(github.asked).toEqual([]);
		// What only the branch itself tells.
		for (const [path, content] of [
			["src", "1"],
			["data.link", "1"],
			["data.link/x", "1"],
			["train.py/x", "1"],
			["nothing.py", null],
			["train.py", "print(1)\n"],
		] as const) {
			expect((await commit({ files: [{ path, content }] })).status, path).toBe(400);
		}
		expect((await commit({ branch: "models/none" })).status).toBe(404);
		expect((await commit({ files: [{ path: "big", content: "x".repeat(9 << 20) }] })).status).toBe(413);
		expect((await commit({ files: [{ path: "large", content: "x".repeat(3 << 20) }] })).status).toBe(201);
		expect(github.git(repository, ["rev-list", "--count", `${head}..refs/heads/${branch}`])).toBe("1");
	});

	test("keeps a token until shortly before it ends, and takes another when it was taken back", async () => {
		const { commit } = await make();
		const next = async (baseSha?: unknown) => {
			const made = await commit({
				...(baseSha !== undefined && { baseSha }),
				files: [{ path: "n", content: crypto.randomUUID() }],
			});
			expect(made.status, JSON.stringify(made.body)).toBe(201);
			return made.body.commitSha;
		};
		const second = await next(await next());
		expect(tokensAsked()).toBe(1);
		github.revokeTokens();
		github.tokenSeconds = 299;
		const third = await next(second);
		const asked = tokensAsked();
		expect(asked).toBeGreaterThan(1);
		await next(third);
		expect(tokensAsked()).toBeGreaterThan(asked);
	});

	test("says why GitHub does not let it", async () => {
		const without = await make(false);
		expect((await without.commit()).body).toMatchObject({
			status: 409,
			detail: expect.stringContaining("not installed on"),
		});
		const { commit } = await make();
		const say = async (status: number, message: string) => {
			github.instead = (line) => (/git\/blobs/.test(line) ? [status, { message }] : undefined);
			const { body } = await commit();
			return [body.status, body.detail];
		};
		expect(await say(403, "Resource not accessible by integration")).toEqual([
			409,
			expect.stringContaining("does not let the App write"),
		]);
		expect(await say(403, "API rate limit exceeded")).toEqual([503, expect.stringContaining("no more requests")]);
		expect(await say(502, "")).toEqual([503, expect.stringContaining("cannot be reached")]);
		expect(await say(301, "Moved Permanently")).toEqual([409, expect.stringContaining("another name")]);
		github.instead = () => [200, { unexpected: true }];
		expect((await commit()).status).toBe(502);
		expect(relay.log.join("")).not.toMatch(/ghs_|PRIVATE KEY/);
	});

	test("needs an App", async () => {
		const none = await startTestRelay();
		const { id } = (await none.ask("POST", "/api/projects", { body: { name: "p", repository: "a/b" } })).body;
		const body = { branch, baseSha: "0".repeat(40), message: "x", files: [{ path: "a", content: "1" }] };
		expect((await none.ask("POST", `/api/projects/${id}/commits`, { body })).status).toBe(404);
		await none.close();
		await expect(startTestRelay({ ...appSettings(), GITHUB_APP_PRIVATE_KEY: "PRIVATE KEY" })).rejects.toThrow(
			"GITHUB_APP_PRIVATE_KEY must be the App's private key as PEM.",
		);
	});

	test("a repository's name that leads elsewhere is none", async () => {
		for (const repository of ["../app", "a/..", "./b", "a/."]) {
			expect((await relay.ask("POST", "/api/projects", { body: { name: "p", repository } })).status, repository).toBe(
				400,
			);
		}
	});
});

describe.skipIf(!postgresFolder)("a commit where people sign in (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	let database: Database;
	let tokens: Record<keyof typeof people, string>;
	beforeAll(async () => {
		postgres = await startPostgres();
		relay = await startTestRelay({ ...sharedRelay(postgres), ...appSettings() });
		database = connectPostgres(postgres.url, testLogger);
		await makePeople(database, Object.values(people));
		tokens = Object.fromEntries(
			await Promise.all(Object.entries(people).map(async ([role, id]) => [role, await accessToken(id)])),
		);
	});
	afterAll(async () => {
		await database?.close();
		await relay?.close();
		await postgres?.stop();
	});
	const make = async (isInstalled = true) => {
		const made = makeRepository(isInstalled);
		const { projectId } = await makeProject(database, {
			[people.owner]: "owner",
			[people.member]: "member",
			[people.viewer]: "viewer",
		});
		await database.asRelay((transaction) =>
			transaction.query("update projects set repository = $2 where id = $1", [projectId, made.repository]),
		);
		const commit = (token: string | null, path: string) =>
			relay.ask("POST", `/api/projects/${projectId}/commits`, {
				token,
				body: {
					branch,
					baseSha: github.git(made.repository, ["rev-parse", branch]),
					message: "x",
					files: [{ path, content: "1" }],
				},
			});
		return { ...made, projectId, commit };
	};

	test("owners and members make one, viewers and strangers do not", async () => {
		const { commit, repository, head } = await make();
		expect((await commit(tokens.viewer, "v")).status).toBe(403);
		expect((await commit(tokens.stranger, "s")).status).toBe(404);
		expect((await commit(null, "n")).status).toBe(401);
		expect(github.asked).toEqual([]);
		expect((await commit(tokens.owner, "o")).status).toBe(201);
		expect((await commit(tokens.member, "m")).status).toBe(201);
		expect(github.git(repository, ["rev-list", "--count", `${head}..${branch}`])).toBe("2");
	});

	test("whose installation it is GitHub says, and never the project", async () => {
		const victim = makeRepository();
		const mine = await make(false);
		const patched = await relay.ask("PATCH", `/api/projects/${mine.projectId}`, {
			token: tokens.owner,
			body: { installationId: String(victim.installation) },
		});
		expect(patched.status).toBe(200);
		expect((await mine.commit(tokens.owner, "x")).status).toBe(409);
		expect(github.asked).toEqual([`GET /repos/${mine.repository}/installation`]);
		github.installations.set(mine.repository.toLowerCase(), 9_000);
		const told = { action: "created", installation: { id: 9_000 }, repositories: [{ full_name: mine.repository }] };
		expect((await postGithub(relay.url, "installation", told)).status).toBe(202);
		github.asked.length = 0;
		expect((await mine.commit(tokens.owner, "x")).status).toBe(201);
		expect(github.asked[0]).toBe("POST /app/installations/9000/access_tokens");
		const taken = {
			action: "removed",
			installation: { id: 9_000 },
			repositories_added: [],
			repositories_removed: [{ full_name: mine.repository }],
		};
		await postGithub(relay.url, "installation_repositories", taken);
		const rows = await database.asRelay((transaction) =>
			transaction.query("select * from installations where installation_id = '9000'"),
		);
		expect(rows).toEqual([]);
	});

	test("with the sign-in service's key only who may push there on GitHub makes one", async () => {
		const auth = new SupabaseAuthServer({ jwtSecret, anonKey: "anon", withIssuer: true });
		await auth.start();
		const checking = await startTestRelay({
			...sharedRelay(postgres),
			...appSettings(),
			SUPABASE_URL: auth.url,
			SUPABASE_ANON_KEY: "anon",
		});
		try {
			const { repository, head } = makeRepository();
			const signUp = async (email: string, login: string | null, id: number) => {
				const response = await fetch(`${auth.url}/auth/v1/signup`, {
					method: "POST",
					headers: { apikey: "anon", "content-type": "application/json" },
					body: JSON.stringify({ email, password: "a long password" }),
				});
				const { access_token } = (await response.json()) as { access_token: string };
				const metadata = { user_name: login, provider_id: String(id), sub: String(id) };
				if (login !== null) Object.assign(auth.sessions.users.get(email) ?? {}, { provider: "github", metadata });
				return access_token;
			};
			github.collaborators.set("ada", { id: 1, permission: "write" });
			github.collaborators.set("reader", { id: 2, permission: "read" });
			const body = { branch, baseSha: head, message: "x", files: [{ path: "a", content: "1" }] };
			const commitAs = async (token: string) => {
				// Whoever comes first makes the project: that alone must not let them write there.
				const made = await checking.ask("POST", "/api/projects", { token, body: { name: "p", repository } });
				const answer = await checking.ask("POST", `/api/projects/${made.body.id}/commits`, { token, body });
				if (answer.status !== 201) await checking.ask("DELETE", `/api/projects/${made.body.id}`, { token });
				return answer;
			};
			expect((await commitAs(await signUp("mail@x", null, 0))).status).toBe(403);
			expect((await commitAs(await signUp("stranger@x", "stranger", 9))).status).toBe(403);
			expect((await commitAs(await signUp("reader@x", "reader", 2))).status).toBe(403);
			// Somebody took the name that ada had before.
			const other = await commitAs(await signUp("other@x", "ada", 7));
			expect(other.body).toMatchObject({ status: 403, detail: expect.stringContaining("may not push") });
			const ada = await signUp("ada@x", "ada", 1);
			auth.outage = 503;
			expect((await commitAs(ada)).status).toBe(503);
			auth.outage = null;
			expect(github.git(repository, ["rev-parse", branch])).toBe(head);
			expect((await commitAs(ada)).status).toBe(201);
			await expect(startTestRelay({ SUPABASE_ANON_KEY: "anon" })).rejects.toThrow(/SUPABASE_URL must be set/);
		} finally {
			await checking.close();
			await auth.stop();
		}
	});

	test("an installation that was told of and is no more is looked for anew", async () => {
		const { commit, repository } = await make();
		const old = { action: "created", installation: { id: 8_000 }, repositories: [{ full_name: repository }] };
		await postGithub(relay.url, "installation", old);
		expect((await commit(tokens.member, "x")).status).toBe(201);
		expect(github.asked.slice(0, 2)).toEqual([
			"POST /app/installations/8000/access_tokens",
			`GET /repos/${repository}/installation`,
		]);
	});
});
