import type { Push, WorkflowNews } from "../../src/core/jobs/readGithub";
import type { Queryable } from "../database/database";
import { Announcements } from "../jobs/announcements";
import type { Delivery, Outcome, Rules, Taken } from "./delivery";
import { takeInstallation } from "./installations";
import type { ProjectRow } from "./projectRow";
import { takePushes } from "./pushes";
import { takeEarly, takeSagemaker } from "./sagemakerJobs";
import { takeWorkflows } from "./workflowRuns";

interface NewsOf {
	readonly push: Push;
	readonly workflow: WorkflowNews;
}

/**
 * Stores deliveries and all that comes of them, in the caller's transaction; the answer is in the order of the batch.
 * Locks are taken in one order, so that batches of several relays wait and never block each other: projects by id, then
 * deliveries by id, then jobs, then the right to append events.
 */
export async function takeBatch(transaction: Queryable, batch: readonly Delivery[], rules: Rules): Promise<Taken[]> {
	const announcements = new Announcements();
	const projects = await lockProjects(transaction, batch);
	const projectOf = (repository: string) => projects.find((project) => project.repository === repository);
	const outcomes = await store(transaction, batch);
	const taken: Taken[] = outcomes.map((outcome) => ({ outcome }));
	/** The fresh deliveries of known projects with news of this kind. */
	const fresh = <Is extends keyof NewsOf>(is: Is) =>
		batch.flatMap(({ news }, at) => {
			if (news.is !== is || outcomes[at] !== firstOutcome(news)) return [];
			const about = news as NewsOf[Is];
			const project = projectOf(about.repository);
			if (!project) taken[at] = { outcome: "unknownRepository" };
			return project ? [{ at, news: about, project }] : [];
		});
	const pushes = fresh("push");
	const made = await takePushes(transaction, pushes, announcements);
	for (const [n, { at }] of pushes.entries()) taken[at] = made[n] ?? { outcome: "unchanged" };
	const workflows = fresh("workflow");
	const changed = await takeWorkflows(transaction, workflows, made, announcements, rules);
	for (const [n, { at }] of workflows.entries()) taken[at] = changed[n] ?? { outcome: "unchanged" };
	for (const [at, { news }] of batch.entries()) {
		if (outcomes[at] !== firstOutcome(news)) continue;
		if (news.is === "installation") taken[at] = await takeInstallation(transaction, news, announcements);
		if (news.is === "sagemaker") taken[at] = await takeSagemaker(transaction, news, announcements);
	}
	await takeEarly(
		transaction,
		announcements.newJobs.filter(({ target }) => target === "sagemaker"),
		announcements,
	);
	await correct(
		transaction,
		batch.flatMap(({ source, id }, at) => {
			const outcome = taken[at]?.outcome ?? "unchanged";
			return outcome === outcomes[at] ? [] : [{ source, id, outcome }];
		}),
	);
	await announcements.append(transaction);
	return taken;
}

async function lockProjects(transaction: Queryable, batch: readonly Delivery[]): Promise<readonly ProjectRow[]> {
	const names = new Set<string>();
	const installations = new Set<string>();
	for (const { news } of batch) {
		if (news.is === "push" || news.is === "workflow") names.add(news.repository);
		if (news.is !== "installation") continue;
		installations.add(news.installationId);
		for (const name of news.repositories) names.add(name);
	}
	if (names.size + installations.size === 0) return [];
	return transaction.query<ProjectRow>(
		`select id, lower(repository) as repository, target, installation_id from projects
		where lower(repository) = any($1::text[]) or installation_id = any($2::text[]) order by id for no key update`,
		[[...names], [...installations]],
	);
}

/** What most deliveries of the kind come to; `correct` says it of the others. */
function firstOutcome(news: Delivery["news"]): Outcome {
	if (news.is === "push") return "job";
	return news.is === "passedBy" ? news.outcome : "changed";
}

/** Each one's first outcome: `repeated` and `replayed` ones go no further. */
async function store(transaction: Queryable, batch: readonly Delivery[]): Promise<Outcome[]> {
	const ids = new Map<string, number>();
	const bodies = new Set<string>();
	const replayed = new Set<number>();
	for (const [at, { source, id, bodySha256 }] of batch.entries()) {
		if (ids.has(`${source} ${id}`)) continue;
		ids.set(`${source} ${id}`, at);
		if (bodies.has(`${source} ${bodySha256}`)) replayed.add(at);
		bodies.add(`${source} ${bodySha256}`);
	}
	const first = [...ids.values()].flatMap((at) => {
		const delivery = batch[at];
		return delivery ? [{ ...delivery, outcome: replayed.has(at) ? "replayed" : firstOutcome(delivery.news) }] : [];
	});
	const stored = await transaction.query<{ source: string; id: string; outcome: Outcome }>(
		`insert into deliveries (source, id, kind, body_sha256, outcome)
		select source, id, kind, decode(body, 'hex'), case when exists (
			select from deliveries known where known.source = given.source and known.body_sha256 = decode(given.body, 'hex')
		) then 'replayed' else outcome end
		from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as given (source, id, kind, body, outcome)
		order by source, id on conflict do nothing returning source, id, outcome`,
		[
			first.map(({ source }) => source),
			first.map(({ id }) => id),
			first.map(({ kind }) => kind),
			first.map(({ bodySha256 }) => bodySha256),
			first.map(({ outcome }) => outcome),
		],
	);
	const outcomes = batch.map((): Outcome => "repeated");
	for (const { source, id, outcome } of stored) outcomes[ids.get(`${source} ${id}`) ?? -1] = outcome;
	return outcomes;
}

async function correct(
	transaction: Queryable,
	changed: readonly { readonly source: string; readonly id: string; readonly outcome: Outcome }[],
): Promise<void> {
	if (changed.length === 0) return;
	await transaction.query(
		`update deliveries set outcome = given.outcome from unnest($1::text[], $2::text[], $3::text[]) as given (source, id, outcome)
		where deliveries.source = given.source and deliveries.id = given.id`,
		[changed.map(({ source }) => source), changed.map(({ id }) => id), changed.map(({ outcome }) => outcome)],
	);
}
