import { createReadStream } from "node:fs";
import { stat as fileStat } from "node:fs/promises";
import { Readable } from "node:stream";
import {
	DeleteObjectCommand,
	DeleteObjectsCommand,
	GetObjectCommand,
	HeadObjectCommand,
	type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { parseArtifactPath } from "../../core/artifactPath";
import type { ArtifactPlace, PlaceChanges, PlaceEntry, PlacePage, PlaceStat } from "../../core/artifacts/artifactPlace";
import type { S3Place } from "../../core/artifacts/s3Uri";
import type { ArtifactBytes, ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import { toS3Problem } from "../aws/s3Problem";
import { type ListedObject, listKeys } from "./listKeys";
import { checksumOf } from "./s3Checksum";
import { bytesOf, Silence, silentMs } from "./silence";

/** Small enough to be on screen at once, S3's own most for the pages after. */
const firstPageKeys = 200;
const pageKeys = 1_000;
/** S3's own limit of one request. */
const deletedAtOnce = 1_000;
/** What S3 allows a signature: seven days. */
const longestLinkSeconds = 604_800;
const uploadPartBytes = 8 * 2 ** 20;
/** What the XML of a list of keys cannot say: such a key goes by an address of its own. */
const unwritable = /[^\P{Cc}\t\n]|[\ufffe\uffff]/u;

/** A folder of a bucket, over S3 or what speaks like it. The client stays whose it is. */
export class S3Artifacts implements ArtifactPlace {
	readonly id: string;
	readonly account = "aws";
	readonly longestLinkSeconds = longestLinkSeconds;
	readonly changes: PlaceChanges = {
		upload: (upload) => this.#upload(upload),
		delete: (path, isDir, signal) => this.#delete(path, isDir, signal),
	};

	constructor(
		private readonly client: S3Client,
		private readonly place: S3Place,
		private readonly silenceMs = silentMs,
	) {
		this.id = `s3://${place.bucket}/${place.prefix}`;
	}

	async list(folder: string, cursor: string | null, signal?: AbortSignal): Promise<PlacePage> {
		const { bucket, prefix } = this.place;
		const inside = folder === "" ? prefix : `${prefix}${folder}/`;
		const page = await this.#ask(`${this.id}${folder}`, signal, (abortSignal) =>
			listKeys(
				this.client,
				{
					Bucket: bucket,
					Prefix: inside,
					Delimiter: "/",
					MaxKeys: cursor === null ? firstPageKeys : pageKeys,
					...(cursor === null ? {} : { ContinuationToken: cursor }),
				},
				abortSignal,
			),
		);
		const folders = page.prefixes.map((key) => ({
			path: key.replace(/\/$/, "").slice(prefix.length),
			isDir: true,
			sizeBytes: null,
			modifiedMs: null,
			storageClass: null,
		}));
		const files = page.objects.map((object) => this.#file(object));
		// A folder that somebody made by hand is an empty object of its name.
		const entries = [...folders, ...files].filter(
			({ path }) => path !== "" && path !== folder && path !== `${folder}/`,
		);
		return { entries, next: page.next };
	}

	async startingWith(folder: string, start: string, signal?: AbortSignal): Promise<readonly PlaceEntry[]> {
		const { bucket, prefix } = this.place;
		const inside = folder === "" ? prefix : `${prefix}${folder}/`;
		const asked = { Bucket: bucket, Prefix: `${inside}${start}`, MaxKeys: pageKeys };
		const { objects } = await this.#ask(`${this.id}${folder}`, signal, (abortSignal) =>
			listKeys(this.client, asked, abortSignal),
		);
		return objects.filter(({ key }) => !key.endsWith("/")).map((object) => this.#file(object));
	}

	async stat(path: string, signal?: AbortSignal): Promise<PlaceStat> {
		const about = this.#object(path);
		return this.#ask(`${this.id}${path}`, signal, async (abortSignal) => {
			const head = await this.client.send(new HeadObjectCommand({ ...about, ChecksumMode: "ENABLED" }), {
				abortSignal,
			});
			const checksum = await checksumOf(this.client, about, head, abortSignal);
			return { sizeBytes: head.ContentLength ?? null, version: head.ETag ?? null, checksum };
		});
	}

	async read(
		path: string,
		{ offset, length }: ByteRange,
		version: string | null,
		signal?: AbortSignal,
	): Promise<ArtifactBytes> {
		return this.#ask(`${this.id}${path}`, signal, async (abortSignal, silence) => {
			const command = new GetObjectCommand({
				...this.#object(path),
				Range: `bytes=${offset}-${offset + Math.max(1, length) - 1}`,
				...(version === null ? {} : { IfMatch: version }),
			});
			try {
				const answer = await this.client.send(command, { abortSignal });
				const total = /\/(\d+)$/.exec(answer.ContentRange ?? "")?.[1];
				const totalBytes = total === undefined ? (answer.ContentLength ?? null) : Number(total);
				silence.heard();
				const body = answer.Body instanceof Readable ? answer.Body : [];
				return { bytes: await bytesOf(body, length, silence), totalBytes };
			} catch (error) {
				if (!(error instanceof Error) || error.name !== "InvalidRange") throw error;
				// What begins at the end has no bytes: an empty file above all.
				const { ContentLength } = await this.client.send(new HeadObjectCommand(this.#object(path)), { abortSignal });
				return { bytes: new Uint8Array(), totalBytes: ContentLength ?? null };
			}
		});
	}

	s3Uri(path: string): string {
		return `${this.id}${path}`;
	}

	readonly sign = async (path: string, seconds: number): Promise<string> =>
		this.#ask(`${this.id}${path}`, undefined, () =>
			getSignedUrl(this.client, new GetObjectCommand(this.#object(path)), { expiresIn: seconds }),
		);

	async #upload({
		filePath,
		path,
		replaces,
		signal,
		onProgress,
	}: Parameters<PlaceChanges["upload"]>[0]): Promise<void> {
		parseArtifactPath(path);
		const about = this.#object(path);
		const { size } = await fileStat(filePath);
		await this.#ask(
			`${this.id}${path}`,
			signal,
			async (abortSignal) => {
				if (!replaces && (await this.#isThere(path, abortSignal))) {
					throw new GammaError("artifact.outside", `${this.id}${path} is there already: it was not replaced.`);
				}
				const upload = new Upload({
					client: this.client,
					params: { ...about, Body: createReadStream(filePath), ContentType: "application/octet-stream" },
					// S3 takes ten thousand parts at most.
					partSize: Math.max(uploadPartBytes, Math.ceil(size / 9_000)),
					queueSize: 3,
					leavePartsOnError: false,
				});
				const abort = () => void upload.abort();
				if (signal.aborted) abort();
				signal.addEventListener("abort", abort);
				let sent = 0;
				upload.on("httpUploadProgress", ({ loaded = sent }) => {
					onProgress(loaded - sent);
					sent = loaded;
				});
				try {
					await upload.done();
				} finally {
					signal.removeEventListener("abort", abort);
				}
			},
			false,
		);
	}

	async #delete(path: string, isDir: boolean, signal: AbortSignal): Promise<number> {
		if (parseArtifactPath(path).length === 0)
			throw new GammaError("artifact.outside", "The whole place is never deleted.");
		const { bucket, prefix } = this.place;
		if (!isDir) return this.#deleteKeys([`${prefix}${path}`], signal);
		let deleted = 0;
		let before: string | undefined;
		for (;;) {
			// Always the first page: what was listed is gone by then.
			const keys = await this.#ask(`${this.id}${path}`, signal, async (abortSignal) => {
				const asked = { Bucket: bucket, Prefix: `${prefix}${path}/`, MaxKeys: deletedAtOnce };
				const { objects } = await listKeys(this.client, asked, abortSignal);
				return objects.map(({ key }) => key);
			});
			if (keys.length === 0) return deleted;
			if (keys[0] === before) throw stays(`s3://${bucket}/${before}`);
			before = keys[0];
			deleted += await this.#deleteKeys(keys, signal);
		}
	}

	async #deleteKeys(keys: readonly string[], signal: AbortSignal): Promise<number> {
		const Bucket = this.place.bucket;
		const [odd, plain] = [true, false].map((isOdd) => keys.filter((key) => unwritable.test(key) === isOdd));
		for (const Key of odd ?? []) {
			await this.#ask(`s3://${Bucket}/${Key}`, signal, (abortSignal) =>
				this.client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal }),
			);
		}
		const Objects = (plain ?? []).map((Key) => ({ Key }));
		if (Objects.length === 0) return keys.length;
		await this.#ask(this.id, signal, async (abortSignal) => {
			const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
			const [failed] = (await this.client.send(command, { abortSignal })).Errors ?? [];
			if (failed) throw Object.assign(new Error(failed.Message), { name: failed.Code ?? "DeleteFailed" });
		});
		return keys.length;
	}

	async #isThere(path: string, abortSignal: AbortSignal): Promise<boolean> {
		try {
			await this.client.send(new HeadObjectCommand(this.#object(path)), { abortSignal });
			return true;
		} catch (error) {
			if (GammaError.is(toS3Problem(error, path), "artifact.missing")) return false;
			throw error;
		}
	}

	#file({ key, sizeBytes, modified, storageClass }: ListedObject): PlaceEntry {
		const path = key.slice(this.place.prefix.length);
		return { path, isDir: false, sizeBytes, modifiedMs: modified?.getTime() ?? null, storageClass };
	}

	#object(path: string): { readonly Bucket: string; readonly Key: string } {
		return { Bucket: this.place.bucket, Key: `${this.place.prefix}${path}` };
	}

	/** `isShort`: who says nothing for a while counts as away. */
	async #ask<T>(
		what: string,
		signal: AbortSignal | undefined,
		work: (signal: AbortSignal, silence: Pick<Silence, "heard">) => Promise<T>,
		isShort = true,
	): Promise<T> {
		const silence = new Silence(this.silenceMs);
		if (!isShort) silence.stop();
		const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
		try {
			return await work(either, silence);
		} catch (error) {
			if (silence.signal.aborted && !signal?.aborted) {
				throw new GammaError(
					"aws.unreachable",
					`S3 has not answered for ${this.silenceMs / 1000} s: try ${what} again.`,
				);
			}
			throw toS3Problem(error, what, signal);
		} finally {
			silence.stop();
		}
	}
}

function stays(what: string): GammaError {
	return new GammaError(
		"artifact.unreadable",
		`S3 says that ${what} is deleted and lists it still: delete it in the console.`,
	);
}
