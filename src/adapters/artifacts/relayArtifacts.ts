import type { ArtifactPlace, PlaceEntry, PlacePage, PlaceStat } from "../../core/artifacts/artifactPlace";
import type { S3Place } from "../../core/artifacts/s3Uri";
import type { Relay } from "../../core/relay/relay";
import type { ArtifactBytes, ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import { type ArtifactLink, longestLinkSeconds, type StoredArtifact } from "../../shared/relay/artifact";
import { toS3Problem } from "../aws/s3Problem";
import { networkCode } from "../http/networkCode";
import { bytesOf, Silence, silentMs } from "./silence";

/** As a place of one's own in S3 has them (`s3Artifacts.ts`). */
const firstPageKeys = 200;
const pageKeys = 1_000;
/** A link that ends sooner is not begun with: a part of a file takes its time. */
const spareMs = 60_000;
const keptLinks = 500;
/** S3's refusals have a few hundred. */
const mostRefusalBytes = 64 << 10;

export interface RelayArtifactsParts {
	readonly relay: Pick<Relay, "artifacts" | "artifactLink">;
	readonly projectId: string;
	/** A folder at or below the project's own; the bucket is empty where only the relay knows it. */
	readonly place: S3Place;
}

/**
 * A project's folder of its bucket, for who has no account at AWS: the relay lists it and gives links, the bytes come from S3
 * itself. Only read: a relay gives nobody the right to write.
 */
export class RelayArtifacts implements ArtifactPlace {
	readonly id: string;
	readonly changes = null;
	readonly account = "relay";
	readonly longestLinkSeconds = longestLinkSeconds;
	readonly #links = new Map<string, ArtifactLink>();
	#bucket: string;

	constructor(private readonly parts: RelayArtifactsParts) {
		const { bucket, prefix } = parts.place;
		this.#bucket = bucket;
		this.id = bucket === "" ? `relay:${parts.projectId}` : `s3://${bucket}/${prefix}`;
	}

	async list(folder: string, cursor: string | null, signal?: AbortSignal): Promise<PlacePage> {
		const { relay, projectId, place } = this.parts;
		const inside = folder === "" ? place.prefix : `${place.prefix}${folder}/`;
		const limit = cursor === null ? firstPageKeys : pageKeys;
		const page = await relay.artifacts(projectId, { prefix: inside, cursor, limit }, signal);
		this.#bucket ||= page.bucket ?? "";
		const isInside = (key: string) => key.startsWith(inside) && key.length > inside.length;
		const folders = page.folders.filter(isInside).map((key) => ({
			...{ path: this.#path(key.replace(/\/$/, "")), isDir: true },
			...{ sizeBytes: null, modifiedMs: null, storageClass: null },
		}));
		const files = page.items.filter(({ key }) => isInside(key)).map((item) => this.#file(item));
		return { entries: [...folders, ...files], next: page.next };
	}

	async startingWith(folder: string, start: string, signal?: AbortSignal): Promise<readonly PlaceEntry[]> {
		const { relay, projectId, place } = this.parts;
		const prefix = `${folder === "" ? place.prefix : `${place.prefix}${folder}/`}${start}`;
		const page = await relay.artifacts(projectId, { prefix, cursor: null, limit: pageKeys, isDeep: true }, signal);
		return page.items.filter(({ key }) => key.startsWith(prefix)).map((item) => this.#file(item));
	}

	async stat(path: string, signal?: AbortSignal): Promise<PlaceStat> {
		const { sizeBytes, etag, checksum } = await this.#link(path, signal, true);
		return { sizeBytes, version: etag, checksum };
	}

	async read(path: string, range: ByteRange, version: string | null, signal?: AbortSignal): Promise<ArtifactBytes> {
		if (range.length === 0) {
			const { sizeBytes } = await this.#link(path, signal);
			return { bytes: new Uint8Array(), totalBytes: sizeBytes };
		}
		const link = await this.#link(path, signal);
		const answer = await this.#get(link, path, range, version, signal);
		if (answer !== "ended") return answer;
		const renewed = await this.#get(await this.#link(path, signal, true), path, range, version, signal);
		if (renewed !== "ended") return renewed;
		throw new GammaError("relay.refused", `S3 takes no link of the relay's to ${this.#shown(path)}: try again later.`);
	}

	s3Uri(path: string): string | null {
		return this.#bucket === "" ? null : `s3://${this.#bucket}/${this.parts.place.prefix}${path}`;
	}

	readonly sign = async (path: string, seconds: number): Promise<string> => {
		const { relay, projectId, place } = this.parts;
		return (await relay.artifactLink(projectId, `${place.prefix}${path}`, seconds)).url;
	};

	/** One that works for a while yet; what it says of the file is as old as itself, unless it `isFresh`. */
	async #link(path: string, signal: AbortSignal | undefined, isFresh = false): Promise<ArtifactLink> {
		const known = this.#links.get(path);
		if (known && !isFresh && Date.parse(known.expiresAt) - spareMs > Date.now()) return known;
		const { relay, projectId, place } = this.parts;
		const link = await relay.artifactLink(projectId, `${place.prefix}${path}`, null, signal);
		this.#links.delete(path);
		this.#links.set(path, link);
		for (const old of [...this.#links.keys()].slice(0, -keptLinks)) this.#links.delete(old);
		return link;
	}

	/** `ended` where S3 does not take the link any more. */
	async #get(
		{ url, sizeBytes }: ArtifactLink,
		path: string,
		{ offset, length }: ByteRange,
		version: string | null,
		signal: AbortSignal | undefined,
	): Promise<ArtifactBytes | "ended"> {
		const silence = new Silence();
		try {
			const response = await fetch(url, {
				headers: {
					range: `bytes=${offset}-${offset + length - 1}`,
					...(version === null ? {} : { "if-match": version }),
				},
				signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
			});
			silence.heard();
			if (!response.ok && response.status !== 416) return await this.#refused(response, path, silence);
			const total = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
			if (response.status === 416) {
				await response.body?.cancel();
				return { bytes: new Uint8Array(), totalBytes: total === undefined ? sizeBytes : Number(total) };
			}
			if (response.status !== 206 && offset > 0) {
				await response.body?.cancel();
				throw new GammaError(
					"artifact.unreadable",
					`${this.#shown(path)} can only be read whole: download it elsewhere.`,
				);
			}
			const bytes = await bytesOf(response.body ?? [], length, silence);
			const whole = total ?? response.headers.get("content-length");
			return { bytes, totalBytes: whole === null ? null : Number(whole) };
		} catch (error) {
			throw this.#translated(error, path, silence, signal);
		} finally {
			silence.stop();
		}
	}

	async #refused(response: Response, path: string, silence: Silence): Promise<"ended"> {
		const text = Buffer.from(await bytesOf(response.body ?? [], mostRefusalBytes, silence)).toString();
		const Code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? "";
		if (/expired/i.test(Code) || (response.status === 403 && /has expired/i.test(text))) return "ended";
		if (response.status === 403) {
			const said = `The relay may not read ${this.#shown(path)}: whoever runs it must let it, in IAM or in the bucket's policy.`;
			throw new GammaError("relay.refused", said);
		}
		throw toS3Problem({ name: Code, $metadata: { httpStatusCode: response.status } }, this.#shown(path));
	}

	#translated(error: unknown, path: string, silence: Silence, signal: AbortSignal | undefined): GammaError {
		if (signal?.aborted) return new GammaError("call.cancelled", "The request to S3 was cancelled.", { cause: error });
		if (GammaError.is(error)) return error;
		const why = silence.signal.aborted
			? `has not answered for ${silentMs / 1000} s`
			: `cannot be reached (${networkCode(error) || "the connection broke"})`;
		return new GammaError("aws.unreachable", `S3 ${why}: try ${this.#shown(path)} again.`, { cause: error });
	}

	#file({ key, sizeBytes, modifiedAt, storageClass }: StoredArtifact): PlaceEntry {
		const modifiedMs = modifiedAt === null ? null : Date.parse(modifiedAt);
		return { path: this.#path(key), isDir: false, sizeBytes, modifiedMs, storageClass };
	}

	#path(key: string): string {
		return key.slice(this.parts.place.prefix.length);
	}

	#shown(path: string): string {
		return this.s3Uri(path)?.slice(0, 500) ?? JSON.stringify(path.slice(0, 300));
	}
}
