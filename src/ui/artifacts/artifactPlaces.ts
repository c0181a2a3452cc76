import * as vscode from "vscode";
import * as z from "zod/mini";
import type { ArtifactPlace } from "../../core/artifacts/artifactPlace";
import { openBucket } from "../../core/artifacts/openBucket";
import { RunArtifacts } from "../../core/artifacts/runArtifacts";
import { parseS3Uri, type S3Place, toPrefix } from "../../core/artifacts/s3Uri";
import { jobOfRun } from "../../core/jobs/jobAttempts";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { Relay } from "../../core/relay/relay";
import { placesOfTrainings, type TrainingPlace } from "../../core/sagemaker/trainingPlaces";
import { GammaError } from "../../shared/errors";
import { type Run, splitRunKey } from "../../shared/run";
import type { ArtifactPorts } from "./artifactPorts";

const addedKey = "artifactPlaces";
const addedSchema = z.array(z.string());

/** A place that has a row of its own: a project's bucket, or one that the person added. */
export interface NamedPlace {
	readonly id: string;
	/** `s3://bucket/prefix/` or a folder's path; empty where only the relay knows the bucket. */
	readonly address: string;
	readonly label: string;
	/** Null for one that the person added, and for a training's. */
	readonly projectName: string | null;
	/** The job whose training leaves its files there; its row has the place below it. */
	readonly jobId?: string;
}

/** Which places there are, each opened when it is first looked into. */
export class ArtifactPlaces {
	readonly #opened = new Map<string, Promise<ArtifactPlace>>();
	readonly #known = new Map<string, ArtifactPlace>();
	#relay: Relay | null = null;

	#trainings: { readonly jobs: unknown; readonly places: readonly TrainingPlace[] } | null = null;

	constructor(private readonly ports: ArtifactPorts) {}

	get named(): readonly NamedPlace[] {
		const { projects } = this.ports.jobs.snapshot;
		const bound = projects.flatMap(({ id, s3Bucket, s3Prefix, name }) => {
			const prefix = toPrefix(s3Prefix ?? "");
			if (s3Bucket) return [namedPlace(`s3://${s3Bucket}/${prefix}`, name)];
			// A folder of the bucket that the relay was given.
			const label = prefix.replace(/\/$/, "");
			return s3Prefix && this.ports.relay() ? [{ id: `relay:${id}`, address: "", label, projectName: name }] : [];
		});
		const added = this.#added().map((address) => namedPlace(address, null));
		return [...new Map([...added, ...bound].map((place) => [place.id, place])).values()];
	}

	/** Where the trainings of jobs leave their files, each below its job. One that has a row of its own has no second. */
	get ofTrainings(): readonly NamedPlace[] {
		const { jobs } = this.ports.jobs.snapshot;
		// Jobs with trainings are one map for each change of them, and rows ask many times between two.
		if (this.#trainings?.jobs !== jobs) this.#trainings = { jobs, places: placesOfTrainings(jobs.values()) };
		const named = new Set(this.named.map(({ id }) => id));
		return this.#trainings.places
			.map(({ address, holds, jobId }) => {
				const label = holds === "checkpoints" ? vscode.l10n.t("Checkpoints") : vscode.l10n.t("Output");
				return { ...namedPlace(address, null), label, jobId };
			})
			.filter(({ id }) => !named.has(id));
	}

	find(id: string): NamedPlace | undefined {
		return this.named.find((place) => place.id === id) ?? this.ofTrainings.find((place) => place.id === id);
	}

	add(address: string): void {
		this.ports.memory.set(addedKey, [...new Set([...this.#added(), address])]);
	}

	remove(id: string): void {
		this.ports.memory.set(
			addedKey,
			this.#added().filter((address) => namedPlace(address, null).id !== id),
		);
	}

	/** Rejects as its opening does; tried anew the next time. */
	place(id: string): Promise<ArtifactPlace> {
		const relay = this.ports.relay();
		if (relay !== this.#relay) this.forgetClients();
		this.#relay = relay;
		const known = this.#opened.get(id);
		if (known) return known;
		const opening = this.#open(id);
		this.#opened.set(id, opening);
		const isCurrent = () => this.#opened.get(id) === opening;
		opening.then(
			(place) => isCurrent() && this.#known.set(id, place),
			() => isCurrent() && this.#opened.delete(id),
		);
		return opening;
	}

	/** Undefined before it was opened. */
	known(id: string): ArtifactPlace | undefined {
		return this.#known.get(id);
	}

	/** The account, the region, the endpoint or the relay is another. */
	forgetClients(): void {
		this.#opened.clear();
		this.#known.clear();
	}

	runOf(placeId: string): Run | undefined {
		return placeId.startsWith("run:") ? this.ports.runs.run(placeId.slice("run:".length)) : undefined;
	}

	/** The run whose artifacts lie there, by its artifact URI or by its SageMaker job's name in the path. */
	ownerOf(placeId: string, path: string): Run | undefined {
		const own = this.runOf(placeId);
		const uri = this.known(placeId)?.s3Uri(path) ?? `${placeId}${path}`;
		if (own || !uri.startsWith("s3://")) return own;
		const parts = new Set(uri.split("/"));
		const { jobs } = this.ports.jobs.snapshot;
		for (const run of this.ports.runs.snapshot.runs.values()) {
			const at = parseS3Uri(run.artifactUri ?? "");
			if (at && uri.startsWith(`s3://${at.bucket}/${at.prefix}`)) return run;
			if (parts.has(run.id)) return run;
			const job = jobOfRun(run, jobs.values());
			if (job?.job.sagemakerJobName && parts.has(job.job.sagemakerJobName)) return run;
		}
		const trained = this.#trainingOf(placeId);
		return trained && [...this.ports.runs.snapshot.runs.values()].find((run) => jobOfRun(run, [trained]) === trained);
	}

	/** The job whose files lie there: of the run there, or of the training that left them. */
	jobOf(placeId: string, path: string): TrackedJob | undefined {
		const trained = this.#trainingOf(placeId);
		if (trained) return trained;
		const run = this.ownerOf(placeId, path);
		return run && jobOfRun(run, this.ports.jobs.snapshot.jobs.values());
	}

	#trainingOf(placeId: string): TrackedJob | undefined {
		const place = this.ofTrainings.find(({ id }) => id === placeId);
		return place?.jobId === undefined ? undefined : this.ports.jobs.snapshot.jobs.get(place.jobId);
	}

	#open(id: string): Promise<ArtifactPlace> {
		const { library, readers, runs } = this.ports;
		if (id.startsWith("run:")) {
			const key = id.slice("run:".length);
			const run = runs.run(key);
			const { storeId } = splitRunKey(key);
			const store = runs.snapshot.stores.find((each) => each.id === storeId);
			const s3 = parseS3Uri(run?.artifactUri ?? "");
			// A server reads its bucket itself; a store of files knows only the address.
			return s3 && store?.kind !== "mlflow-server" ? this.#bucket(s3) : Promise.resolve(new RunArtifacts(library, key));
		}
		if (id.startsWith("relay:")) return this.#lent(id.slice("relay:".length));
		const s3 = parseS3Uri(id);
		return s3 ? this.#bucket(s3) : readers.openFolder(id.slice("folder:".length));
	}

	#bucket(place: S3Place): Promise<ArtifactPlace> {
		const { readers, aws, jobs } = this.ports;
		const relay = this.ports.relay();
		const project = jobs.snapshot.projects.find(
			({ s3Bucket, s3Prefix }) => s3Bucket === place.bucket && place.prefix.startsWith(toPrefix(s3Prefix ?? "")),
		);
		return openBucket({
			own: () => readers.openS3(place),
			lent: relay && project ? () => readers.openLent({ relay, projectId: project.id, place }) : null,
			mayAskAws: aws.mayAsk,
		});
	}

	async #lent(projectId: string): Promise<ArtifactPlace> {
		const relay = this.ports.relay();
		const project = this.ports.jobs.snapshot.projects.find(({ id }) => id === projectId);
		if (relay && project) {
			const place = { bucket: "", prefix: toPrefix(project.s3Prefix ?? "") };
			return this.ports.readers.openLent({ relay, projectId, place });
		}
		throw new GammaError("relay.unauthorized", "This bucket is read through the relay: sign in to it again.");
	}

	#added(): readonly string[] {
		return this.ports.memory.read(addedKey, addedSchema, []);
	}
}

function namedPlace(address: string, projectName: string | null): NamedPlace {
	const s3 = parseS3Uri(address);
	const id = s3 ? `s3://${s3.bucket}/${s3.prefix}` : `folder:${address}`;
	const label = s3
		? `${s3.bucket}/${s3.prefix}`.replace(/\/$/, "")
		: (address.split(/[\\/]/).findLast(Boolean) ?? address);
	return { id, address, label, projectName };
}
