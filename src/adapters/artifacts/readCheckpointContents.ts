import type { CheckpointContents } from "../../core/artifacts/checkpointContents";
import { isPickleNode } from "../../core/artifacts/pickleValue";
import { readPickle } from "../../core/artifacts/readPickle";
import {
	demandReasonableHeader,
	readSafetensors,
	safetensorsHeaderBytes,
	safetensorsPrefixBytes,
} from "../../core/artifacts/readSafetensors";
import { readTorchState } from "../../core/artifacts/readTorchState";
import { unreadable } from "../../core/previews/unreadable";
import { RangeReader, type ReadRange } from "../previews/rangeReader";
import { openZipEntry, readZipDirectory } from "../previews/zipReader";

const headBytes = 64 * 2 ** 10;
const mostPickleBytes = 64 * 2 ** 20;
const mostEntries = 100_000;

/** `torch.save` before version 1.6 wrote this number first. */
const legacyMagic = Number(0x1950a86a20f9469cfc6cn);

/**
 * The names, shapes and types of a checkpoint's tensors from its header alone, by ranged reads; null for a file of another
 * kind. A pickle in it is read as data and never run. Rejects with `artifact.unreadable`, and as `read` does.
 */
export async function readCheckpointContents(
	read: ReadRange,
	sizeBytes: number | null,
	signal?: AbortSignal,
): Promise<CheckpointContents | null> {
	const reader = await RangeReader.open(read, sizeBytes, headBytes, signal);
	const { head } = reader;
	if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) return readTorchZip(reader);
	if (head[0] === 0x80 && head[2] === 0x8a) return readLegacyTorch(reader);
	const headerBytes = safetensorsHeaderBytes(head, reader.sizeBytes);
	if (headerBytes === null) return null;
	demandReasonableHeader(headerBytes);
	const dataFrom = safetensorsPrefixBytes + headerBytes;
	const header = await reader.exactly(safetensorsPrefixBytes, headerBytes);
	return readSafetensors(header, reader.sizeBytes === null ? null : reader.sizeBytes - dataFrom);
}

async function readTorchZip(reader: RangeReader): Promise<CheckpointContents | null> {
	const entries = await readZipDirectory(reader, mostEntries);
	const pickle = entries.find(({ name }) => /^([^/]+\/)?data\.pkl$/.test(name));
	if (pickle === undefined) return null;
	if (pickle.sizeBytes > mostPickleBytes) throw unreadable("its list of tensors claims to be larger than any model's");
	const first = await openZipEntry(reader, pickle);
	return { format: "PyTorch", ...readTorchState(readPickle(await first(pickle.sizeBytes)).value) };
}

/** A file of pickles one after the other: a number, the version, the machine, then the state. */
async function readLegacyTorch(reader: RangeReader): Promise<CheckpointContents | null> {
	const magic = readPickle(reader.head);
	if (magic.value !== legacyMagic) return null;
	const bytes = await reader.first(Math.min(mostPickleBytes, reader.sizeBytes ?? mostPickleBytes));
	const version = readPickle(bytes, magic.endOffset);
	const machine = readPickle(bytes, version.endOffset);
	if (!isPickleNode(machine.value)) throw unreadable("its pickle is damaged");
	return { format: "PyTorch", ...readTorchState(readPickle(bytes, machine.endOffset).value) };
}
