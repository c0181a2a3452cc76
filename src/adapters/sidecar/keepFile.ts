import { createHash, randomBytes } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface KeptFile {
	readonly sizeBytes: number;
	readonly sha256: string;
}

/**
 * A copy of a complete file, there as a whole or not at all. A file that is never written again (`mayLink`) is linked where
 * the disk allows it; any other is copied, as a link would change with it. Null when it changed meanwhile: it is not complete.
 */
export async function keepFile(from: string, to: string, mayLink: boolean): Promise<KeptFile | null> {
	await mkdir(dirname(to), { recursive: true });
	const making = join(dirname(to), `.gamma-${randomBytes(6).toString("hex")}`);
	const before = await stat(from);
	try {
		const isLinked =
			mayLink &&
			(await link(from, making).then(
				() => true,
				() => false,
			));
		if (!isLinked) await copyFile(from, making, constants.COPYFILE_FICLONE);
		const sha256 = await hashOf(making);
		const after = await stat(from);
		if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) return null;
		await rename(making, to);
		return { sizeBytes: before.size, sha256 };
	} finally {
		await rm(making, { force: true });
	}
}

async function hashOf(path: string): Promise<string> {
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
	return hash.digest("hex");
}
