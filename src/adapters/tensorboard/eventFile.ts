import { type FileHandle, open } from "node:fs/promises";
import type { RunLog } from "../../core/tensorboard/runLog";
import { headerBytes, scanRecords } from "../../core/tensorboard/scanRecords";
import { throwIfCancelled } from "./cancelled";
import type { EventFileStat } from "./eventFolders";

/** Large enough that the disk is not waited for, small enough (about 15 ms of work) that the thread stays answerable. */
const chunkBytes = 4 * 2 ** 20;

/** A record above this is a graph or an embedding, which Gamma does not show: passed over without being held in memory. */
const maxRecordBytes = 128 * 2 ** 20;

/** One event file, read as far as it goes; only what was appended is read the next time. */
export class EventFile {
	#stat: EventFileStat;
	#offset = 0;
	/** Bytes from the offset on that the next record needs. */
	#needed = headerBytes;
	/** Where the frame is damaged, the file as it was then: looked at again only when it has changed. */
	#brokenAs: EventFileStat | null = null;

	constructor(
		readonly path: string,
		stat: EventFileStat,
	) {
		this.#stat = stat;
	}

	get stat(): EventFileStat {
		return this.#stat;
	}

	get wasRead(): boolean {
		return this.#offset > 0;
	}

	/** Is there at least one more whole record to read? */
	get isPending(): boolean {
		const { sizeBytes, mtimeMs } = this.#stat;
		if (sizeBytes < this.#offset + this.#needed) return false;
		return this.#brokenAs === null || this.#brokenAs.sizeBytes !== sizeBytes || this.#brokenAs.mtimeMs !== mtimeMs;
	}

	get pendingBytes(): number {
		return this.isPending ? this.#stat.sizeBytes - this.#offset : 0;
	}

	/** From which byte on the file cannot be read; null for a sound file. */
	get brokenAt(): number | null {
		return this.#brokenAs ? this.#offset : null;
	}

	/** Takes a newer stat; false where it cannot be the file that was read, only longer. */
	update(stat: EventFileStat): boolean {
		const isSame = stat.inode === this.#stat.inode && stat.sizeBytes >= this.#offset;
		this.#stat = stat;
		return isSame;
	}

	/** Passes on the whole records up to the size known, or until `maxBytes` were read. Rejects with the system's error. */
	async read(log: RunLog, maxBytes: number, signal?: AbortSignal): Promise<void> {
		const handle = await open(this.path, "r");
		try {
			await this.#readFrom(handle, log, maxBytes, signal);
		} finally {
			await handle.close();
		}
	}

	async #readFrom(handle: FileHandle, log: RunLog, maxBytes: number, signal?: AbortSignal): Promise<void> {
		const size = this.#stat.sizeBytes;
		let buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, maxBytes, size - this.#offset));
		let filled = 0;
		let read = 0;
		// The buffer holds the file from the offset on; an unfinished record is carried over to the next chunk.
		while (read < maxBytes && this.#offset + this.#needed <= size) {
			throwIfCancelled(signal);
			if (this.#needed > maxRecordBytes) {
				this.#offset += this.#needed;
				this.#needed = headerBytes;
				filled = 0;
				continue;
			}
			if (this.#needed > buffer.length) {
				const larger = Buffer.allocUnsafeSlow(Math.min(this.#needed + chunkBytes, size - this.#offset));
				buffer.copy(larger, 0, 0, filled);
				buffer = larger;
			}
			const length = Math.min(buffer.length - filled, size - this.#offset - filled);
			const { bytesRead } = await handle.read(buffer, filled, length, this.#offset + filled);
			if (bytesRead === 0) return;
			filled += bytesRead;
			read += bytesRead;
			const view = new DataView(buffer.buffer, buffer.byteOffset, filled);
			log.place(this.#stat.name, this.#offset);
			const scan = scanRecords(view, 0, filled, log);
			this.#brokenAs = scan.isBroken ? this.#stat : null;
			this.#offset += scan.next;
			this.#needed = scan.needed;
			if (scan.isBroken) return;
			buffer.copyWithin(0, scan.next, filled);
			filled -= scan.next;
		}
	}
}
