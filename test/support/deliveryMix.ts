import examples from "@octokit/webhooks-examples";
import type { Sending } from "./stubbornSender";
import { jobOf, noCommit, pushOf, type RunParts, runOf } from "./webhooks";

/** Numbers from 0 to 1 that are the same every time (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

type Conclusion = "success" | "failure" | "cancelled";

/** What one delivery tells, as far as a training follows from it. */
export type Telling = "push" | "requested" | "begun" | "jobQueued" | "jobBegun" | "jobEnded" | "ended";

export interface Delivery {
	readonly id: string;
	readonly event: string;
	/** Made when it is sent: ten thousand of them would be 100 MB. */
	readonly body: () => string;
	/** Null: nothing follows from it. */
	readonly tells: { readonly story: Story; readonly attempt: number; readonly telling: Telling } | null;
}

/** One push to a branch of models, and what the repository's CI made of it. */
export interface Story {
	readonly repository: string;
	readonly branch: string;
	readonly commitSha: string;
	/** Null where runners train and no CI does. */
	readonly runId: number | null;
	/** How each attempt ends, if it is told. */
	readonly conclusions: readonly Conclusion[];
}

export interface Mix {
	/** In the order in which they are sent, repeats among them. */
	readonly sendings: readonly { readonly delivery: Delivery; readonly isForged: boolean }[];
	readonly stories: readonly Story[];
}

const attemptTells: readonly Telling[] = ["requested", "jobQueued", "begun", "jobBegun", "jobEnded", "ended"];
/** How much later the next delivery of a story is sent, in places of the list, as a rule. */
const stride = 60;

/**
 * `total` deliveries as a busy month would send them: pushes, their workflow runs, and what concerns nobody. One in twenty is
 * sent again (half of those at the same time), one in twenty far from its place, one in a hundred signed with another secret.
 */
export function mixDeliveries(total: number, repositories: Repositories, random: () => number): Mix {
	const placed: { place: number; delivery: Delivery }[] = [];
	const stories: Story[] = [];
	const distinct = Math.round(total * 0.95);
	while (placed.length < distinct) {
		const start = random() * distinct;
		const made = makeStory(stories.length, repositories, random);
		if (made.story) stories.push(made.story);
		for (const [step, delivery] of made.deliveries.entries()) {
			if (placed.length < distinct) placed.push({ place: start + step * stride * random() * 2, delivery });
		}
	}
	const any = () => placed[Math.floor(random() * placed.length)] ?? fail();
	for (let moved = 0; moved < total * 0.05; moved++) any().place += (random() - 0.5) * 2_000;
	const repeats = Array.from({ length: total - distinct }, (_, n) => {
		const { place, delivery } = any();
		return { place: n % 2 === 0 ? place + 1e-6 : place + random() * 3_000, delivery };
	});
	const forged = new Set<number>();
	while (forged.size < total * 0.01) forged.add(Math.floor(random() * total));
	const sendings = [...placed, ...repeats]
		.sort((left, right) => left.place - right.place)
		.map(({ delivery }, at) => ({ delivery, isForged: forged.has(at) }));
	return { sendings, stories };
}

export function toSending({ delivery, isForged }: Mix["sendings"][number]): Sending {
	return { id: delivery.id, event: delivery.event, body: delivery.body(), isForged };
}

export interface Repositories {
	/** Their own CI trains. */
	readonly ci: readonly string[];
	/** Runners train. */
	readonly runner: string;
	readonly unknown: string;
}

function makeStory(
	number: number,
	{ ci, runner, unknown }: Repositories,
	random: () => number,
): { story: Story | null; deliveries: readonly Delivery[] } {
	const kind = random();
	const commitSha = hex(random, 40);
	const branch = random() < 0.2 ? "models" : `models/try-${number}`;
	const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] ?? fail();
	if (kind < 0.5) return { story: null, deliveries: [passedBy(pick([...ci, runner]), unknown, commitSha, random)] };
	if (kind < 0.6) {
		const story = { repository: runner, branch, commitSha, runId: null, conclusions: [] };
		return { story, deliveries: [pushDelivery(story, random)] };
	}
	const first = random() < 0.6 ? "success" : random() < 0.6 ? "failure" : "cancelled";
	const isRerun = first === "failure" && random() < 0.3;
	const story: Story = {
		repository: pick(ci),
		branch,
		commitSha,
		runId: 1_000_000 + number,
		conclusions: isRerun ? [first, pick(["success", "failure"])] : [first],
	};
	const deliveries = [
		pushDelivery(story, random),
		...story.conclusions.flatMap((_, at) => attemptTells.map((telling) => runDelivery(story, at + 1, telling, random))),
	];
	// Some are not over when the month is.
	const told = random() < 0.2 ? 1 + Math.floor(random() * deliveries.length) : deliveries.length;
	return { story, deliveries: deliveries.slice(0, told) };
}

function pushDelivery(story: Story, random: () => number): Delivery {
	const body = () => like("push", pushOf(story.repository, story.branch, story.commitSha));
	return { id: guid(random), event: "push", body, tells: { story, attempt: 1, telling: "push" } };
}

function runDelivery(story: Story, attempt: number, telling: Telling, random: () => number): Delivery {
	const runId = story.runId ?? fail();
	const parts: RunParts = { ...story, sha: story.commitSha, runId, attempt };
	const conclusion = story.conclusions[attempt - 1] ?? null;
	const jobId = runId * 10 + attempt;
	const made = {
		push: () => fail(),
		requested: () => runOf(parts, "requested"),
		begun: () => runOf(parts, "in_progress"),
		ended: () => runOf(parts, "completed", conclusion),
		jobQueued: () => jobOf(parts, jobId, "queued"),
		jobBegun: () => jobOf(parts, jobId, "in_progress"),
		jobEnded: () => jobOf(parts, jobId, "completed", { conclusion }),
	}[telling];
	const event = telling.startsWith("job") ? "workflow_job" : "workflow_run";
	return { id: guid(random), event, body: () => like(event, made()), tells: { story, attempt, telling } };
}

/** Tags, other branches, a branch's end, a repository that nobody knows, pings, and events that no training follows from. */
function passedBy(repository: string, unknown: string, sha: string, random: () => number): Delivery {
	const bodies: readonly [event: string, body: () => object][] = [
		["push", () => pushOf(repository, "main", sha)],
		["push", () => pushOf(repository, "models", sha, { ref: "refs/tags/models/v1" })],
		["push", () => pushOf(repository, "models/gone", noCommit, { before: sha, deleted: true })],
		["push", () => pushOf(unknown, "models/theirs", sha)],
		["workflow_run", () => runOf({ repository, branch: "main", sha, runId: 1 }, "completed", "success")],
		["ping", () => ({ zen: sha })],
		["star", () => ({ starred_at: sha })],
		["pull_request", () => ({ number: 1, head: sha })],
	];
	const [event, body] = bodies[Math.floor(random() * bodies.length)] ?? fail();
	return { id: guid(random), event, body: () => like(event, body()), tells: null };
}

const exampleOf = new Map(examples.map(({ name, examples: [first] }) => [name as string, first as object]));

/** GitHub's own example of the event, as large as it is, with what is told here put into it. */
function like(event: string, told: object): string {
	const example = new Map<string, unknown>(Object.entries(exampleOf.get(event) ?? fail()));
	const nested = (key: string, value: unknown) =>
		key.startsWith("workflow_") ? { ...(example.get(key) as object), ...(value as object) } : value;
	const merged = Object.entries(told).map(([key, value]) => [key, nested(key, value)]);
	return JSON.stringify({ ...Object.fromEntries(example), ...Object.fromEntries(merged) });
}

function hex(random: () => number, digits: number): string {
	return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join("");
}

function guid(random: () => number): string {
	return hex(random, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function fail(): never {
	throw new Error("the mix of deliveries is wrong");
}
