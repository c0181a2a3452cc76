import * as z from "zod/mini";
import type { ArtifactPlace } from "../../core/artifacts/artifactPlace";
import { RunArtifacts } from "../../core/artifacts/runArtifacts";
import { parseS3Uri, toPrefix } from "../../core/artifacts/s3Uri";
import { jobOfRun } from "../../core/jobs/jobAttempts";
import { type Run, splitRunKey } from "../../shared/run";
import type { ArtifactPorts } from "./artifactPorts";

const addedKey = "artifactPlaces";
const addedSchema = z.array(z.string());

/** A place that has a row of its own: a project's bucket, or one that the person added. */
export interface NamedPlace {
	readonly id: string;
	/** `s3://bucket/prefix/` or a folder's path. */
	readonly address: string;
	readonly label: string;
	/** Null for one that the person added. */
	readonly projectName: string | null;
}

/** Which places there are, each opened when it is first looked into. */
export class ArtifactPlaces {
	readonly #opened = new Map<string, Promise<ArtifactPlace>>();

	constructor(private readonly ports: ArtifactPorts) {}

	get named(): readonly NamedPlace[] {
		const { projects } = this.ports.jobs.snapshot;
		const bound = projects.flatMap(({ s3Bucket, s3Prefix, name }) =>
			s3Bucket ? [namedPlace(`s3://${s3Bucket}/${toPrefix(s3Prefix ?? "")}`, name)] : [],
		);
		const added = this.#added().map((address) => namedPlace(address, null));
		return [...new Map([...added, ...bound].map((place) => [place.id, place])).values()];
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
		const known = this.#opened.get(id);
		if (known) return known;
		const opening = this.#open(id);
		this.#opened.set(id, opening);
		opening.catch(() => this.#opened.delete(id));
		return opening;
	}

	/** The account, the region or the endpoint is another. */
	forgetClients(): void {
		this.#opened.clear();
	}

	runOf(placeId: string): Run | undefined {
		return placeId.startsWith("run:") ? this.ports.runs.run(placeId.slice("run:".length)) : undefined;
	}

	/** The run whose artifacts lie there, by its artifact URI or by its SageMaker job's name in the path. */
	ownerOf(placeId: string, path: string): Run | undefined {
		const own = this.runOf(placeId);
		if (own || !placeId.startsWith("s3://")) return own;
		const uri = `${placeId}${path}`;
		const parts = new Set(uri.split("/"));
		const { jobs } = this.ports.jobs.snapshot;
		for (const run of this.ports.runs.snapshot.runs.values()) {
			const at = parseS3Uri(run.artifactUri ?? "");
			if (at && uri.startsWith(`s3://${at.bucket}/${at.prefix}`)) return run;
			if (parts.has(run.id)) return run;
			const job = jobOfRun(run, jobs.values());
			if (job?.job.sagemakerJobName && parts.has(job.job.sagemakerJobName)) return run;
		}
		return undefined;
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
			return s3 && store?.kind !== "mlflow-server"
				? readers.openS3(s3)
				: Promise.resolve(new RunArtifacts(library, key));
		}
		const s3 = parseS3Uri(id);
		return s3 ? readers.openS3(s3) : readers.openFolder(id.slice("folder:".length));
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
