import * as vscode from "vscode";
import { artifactSorts } from "../../core/artifacts/arrangeEntries";
import type { PlaceEntry } from "../../core/artifacts/artifactPlace";
import { commandId } from "../../core/contributions";
import { GammaError } from "../../shared/errors";
import { isEnd } from "../../shared/relay/job";
import { addPlace, askFilter, askLinkLife, askMetric, askName, askSort } from "./artifactDialogs";
import type { ArtifactPorts } from "./artifactPorts";
import type { ArtifactPreviews, OpenedEntry } from "./artifactPreviews";
import { type ArtifactRow, type EntryRow, isInPlace, type PlaceRow } from "./artifactRows";
import type { ArtifactsTree } from "./artifactsTree";
import type { ArtifactTransfers } from "./artifactTransfers";
import { searchArtifacts } from "./searchArtifacts";

export interface ArtifactCommandParts {
	readonly ports: ArtifactPorts;
	readonly tree: ArtifactsTree;
	readonly previews: ArtifactPreviews;
	readonly transfers: ArtifactTransfers;
	readonly view: vscode.TreeView<ArtifactRow>;
}

/** What is done with artifacts. Menus hand over a row and, where several are selected, all of them. */
export function artifactCommands({ ports, tree, previews, transfers, view }: ArtifactCommandParts) {
	const chosen = (row: unknown, rows: unknown): readonly (PlaceRow | EntryRow)[] => {
		const given = Array.isArray(rows) && rows.length > 0 ? rows : row === undefined ? view.selection : [row];
		const found = given.filter(isInPlace);
		if (found.length > 0) return found;
		throw new GammaError("call.invalid", "Choose an artifact in Artifacts & Checkpoints first.");
	};
	const placeOf = (row: PlaceRow | EntryRow) => tree.places.place(row.placeId);
	const entryOf = (row: PlaceRow | EntryRow): PlaceEntry =>
		tree.entry(row) ?? {
			...{ path: row.path, isDir: row.kind !== "file", sizeBytes: null },
			...{ modifiedMs: null, storageClass: null },
		};
	const opened = async (row: PlaceRow | EntryRow): Promise<OpenedEntry> => ({
		place: await placeOf(row),
		entry: entryOf(row),
		mark: tree.markOf(row),
	});
	const first = (row: unknown, rows: unknown) => chosen(row, rows)[0] as PlaceRow | EntryRow;
	const afterChange = (row: PlaceRow | EntryRow, folder: string) => {
		tree.shelf.forget({ id: row.placeId }, folder);
		tree.redraw();
	};
	const copy = (text: string) => vscode.env.clipboard.writeText(text);
	const s3UriOf = async (row: PlaceRow | EntryRow) => (await placeOf(row)).s3Uri(row.path);
	/** What a folder is called that several come into. */
	const nameOfAll = (placeId: string, rows: readonly (PlaceRow | EntryRow)[]) => {
		const [one] = rows;
		const above = one?.path.slice(0, Math.max(0, one.path.lastIndexOf("/"))) ?? "";
		const shared = rows.length === 1 ? one?.path : above;
		return shared || tree.places.runOf(placeId)?.name || tree.places.find(placeId)?.label || placeId;
	};
	const runUriOf = (row: PlaceRow | EntryRow) => {
		const run = tree.places.runOf(row.placeId);
		return run ? `runs:/${run.id}${row.path === "" ? "" : `/${row.path}`}` : null;
	};

	return {
		previewArtifact: async (row: unknown, rows: unknown) => previews.show(await opened(first(row, rows))),

		downloadArtifacts: async (row: unknown, rows: unknown) => {
			const asked = chosen(row, rows);
			const [one] = asked;
			if (one?.kind === "file" && asked.length === 1) return transfers.downloadFile(await placeOf(one), entryOf(one));
			for (const placeId of new Set(asked.map((each) => each.placeId))) {
				const here = asked.filter((each) => each.placeId === placeId);
				await transfers.downloadInto(await tree.places.place(placeId), here.map(entryOf), nameOfAll(placeId, here));
			}
		},

		uploadArtifacts: async (row: unknown, rows: unknown) => {
			const target = first(row, rows);
			const folder =
				target.kind === "file" ? target.path.slice(0, Math.max(0, target.path.lastIndexOf("/"))) : target.path;
			const count = await transfers.upload(await placeOf(target), folder);
			if (count > 0) afterChange(target, folder);
		},

		copyArtifactS3Uri: async (row: unknown, rows: unknown) => {
			const uris = await Promise.all(chosen(row, rows).map(s3UriOf));
			const known = uris.filter((uri) => uri !== null);
			if (known.length > 0) return copy(known.join("\n"));
			throw new GammaError("platform.unsupported", "This does not lie in S3, as far as its run says.");
		},

		copyArtifactRunUri: async (row: unknown, rows: unknown) => {
			const known = chosen(row, rows)
				.map(runUriOf)
				.filter((uri) => uri !== null);
			if (known.length > 0) return copy(known.join("\n"));
			throw new GammaError(
				"platform.unsupported",
				"A runs:/ address is of what a run logged: choose it below its run.",
			);
		},

		copyArtifactLink: async (row: unknown, rows: unknown) => {
			const target = first(row, rows);
			const { sign, longestLinkSeconds } = await placeOf(target);
			if (sign === null || target.kind !== "file")
				throw new GammaError("platform.unsupported", "Links are made of files in S3: choose one.");
			const seconds = await askLinkLife(longestLinkSeconds);
			if (seconds === undefined) return;
			await copy(await sign(target.path, seconds));
			void vscode.window.setStatusBarMessage(
				vscode.l10n.t("Link copied: whoever has it can download the file."),
				5_000,
			);
		},

		compareCheckpoints: async (row: unknown, rows: unknown) => {
			const asked = chosen(row, rows).length === 2 ? chosen(row, rows) : view.selection.filter(isInPlace);
			const [one, other] = asked;
			if (!one || !other || asked.length !== 2)
				throw new GammaError("call.invalid", "Select two checkpoints (Ctrl or ⌘ and a click), then compare them.");
			await previews.compare(await opened(one), await opened(other));
		},

		openArtifactInViewer: async (row: unknown, rows: unknown) => {
			const { placeId, path } = first(row, rows);
			await vscode.commands.executeCommand(commandId("openViewer"), { placeId, path });
		},

		deleteArtifact: async (row: unknown, rows: unknown) => {
			const target = first(row, rows);
			const { changes } = await placeOf(target);
			const name = target.path.slice(target.path.lastIndexOf("/") + 1);
			if (changes === null || name === "")
				throw new GammaError("platform.unsupported", "This is only read here: delete it where it was logged.");
			const isDir = target.kind === "folder";
			if (!(await askName(name, isDir))) return;
			const parent = target.path.slice(0, Math.max(0, target.path.lastIndexOf("/")));
			const title = vscode.l10n.t("Deleting {0}", name);
			const count = await vscode.window.withProgress(
				{ location: vscode.ProgressLocation.Notification, title, cancellable: true },
				(_progress, token) => {
					const abort = new AbortController();
					token.onCancellationRequested(() => abort.abort());
					return changes.delete(target.path, isDir, abort.signal).finally(() => afterChange(target, parent));
				},
			);
			void vscode.window.setStatusBarMessage(vscode.l10n.t("Deleted {0} files.", count), 5_000);
		},

		continueFromCheckpoint: async (row: unknown, rows: unknown) => {
			const target = first(row, rows);
			const uri = (await s3UriOf(target)) ?? runUriOf(target);
			const tracked = tree.places.jobOf(target.placeId, target.path);
			const relay = tracked?.source === "relay" && tracked.job.target === "runner" ? ports.relay() : null;
			const isTraining = tracked?.training !== undefined;
			if (!tracked || !(relay || isTraining) || uri === null) {
				await copy(uri ?? target.path);
				const said =
					tracked?.job.target === "sagemaker"
						? "SageMaker has told nothing of this job's training yet: show the jobs with AWS signed in, then try again."
						: "No relay's runner trained this: start the training by hand with this checkpoint.";
				throw new GammaError("job.unmanaged", `${said} Its address was copied.`);
			}
			if (relay && !isEnd(tracked.job.status))
				throw new GammaError("call.invalid", "Its job still runs: stop it, or wait until it ends.");
			const name = await vscode.window.showInputBox({
				title: vscode.l10n.t("Continue From This Checkpoint"),
				prompt: relay
					? vscode.l10n.t("The training gets {0} as this param, in a new job of the same commit.", uri)
					: vscode.l10n.t("A copy of the training gets {0} as an input, and its path there as this param.", uri),
				value: String(ports.memory.get("resumeParam") ?? "resume_from"),
				validateInput: (text) =>
					/^[A-Za-z_][\w.-]*$/.test(text) ? null : vscode.l10n.t("A param's name: letters, digits and _ . -"),
			});
			if (!name) return;
			ports.memory.set("resumeParam", name);
			if (relay) ports.openRelayJob((await relay.retry(tracked.job.id, { [name]: uri })).id);
			else await ports.continueTraining(tracked, { uri, isFolder: target.kind !== "file" }, name);
		},

		sortArtifacts: async () => {
			const sort = await askSort(artifactSorts, tree.arrangement.sort);
			if (sort) tree.arrange({ sort });
		},
		filterArtifacts: async () => {
			const filter = await askFilter(tree.arrangement.filter);
			if (filter !== undefined) tree.arrange({ filter: filter.trim() });
		},
		clearArtifactFilter: () => tree.arrange({ filter: "" }),
		chooseArtifactMetric: async () => {
			const metric = await askMetric(ports.runs.snapshot.runs.values());
			if (metric === undefined) return;
			tree.marks.choose(metric);
			tree.redraw();
		},
		searchArtifacts: async (row: unknown, rows: unknown) => {
			const target = first(row, rows);
			const entry = await searchArtifacts(await placeOf(target), target.kind === "file" ? "" : target.path);
			if (entry) await previews.show({ place: await placeOf(target), entry, mark: undefined });
		},
		addArtifactPlace: async () => {
			const address = await addPlace();
			if (address === undefined) return;
			tree.places.add(address);
			tree.redraw();
		},
		removeArtifactPlace: (row: unknown, rows: unknown) => {
			for (const each of chosen(row, rows)) tree.places.remove(each.placeId);
			tree.redraw();
		},
		refreshArtifacts: () => tree.refresh(),
		showMoreArtifacts: (row: unknown) => tree.more(row ?? view.selection[0]),
	};
}
