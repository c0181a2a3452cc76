import * as z from "zod/mini";
import type { Discovery, LibraryChange } from "../../core/stores/runLibrary";
import type { ArtifactBytes, StoreLocation } from "../../core/stores/trackingStore";
import { type Contract, method, nothing } from "../../shared/call";
import { type ChartAnswer, chartQuery } from "../../shared/chart";
import type { ArtifactEntry, Experiment, MediaContent, MediaSeries, Series, StoreSummary } from "../../shared/run";

const storeAuth = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("none") }),
	z.object({ kind: z.literal("basic"), username: z.string(), password: z.string() }),
	z.object({ kind: z.literal("bearer"), token: z.string() }),
]);

const storeLocation: z.ZodMiniType<StoreLocation> = z.object({
	uri: z.string(),
	label: z.exactOptional(z.string()),
	auth: z.exactOptional(storeAuth),
	headers: z.exactOptional(z.record(z.string(), z.string())),
	source: z.exactOptional(z.enum(["settings", "workspace", "environment", "folder"])),
});

const ofRun = { key: z.string() };
const range = z.optional(z.object({ offset: z.number(), length: z.number() }));

/** What the worker answers: the run library's own methods. */
export const libraryCalls = {
	find: method(
		z.object({
			folder: z.string(),
			variables: z.record(z.string(), z.union([z.string(), z.undefined()])),
			stores: z.array(storeLocation),
		}),
	)<Discovery>(),
	open: method(z.object({ locations: z.array(storeLocation) }))<readonly StoreSummary[]>(),
	refresh: method(nothing)<void>(),
	experiments: method(z.object({ storeId: z.string() }))<readonly Experiment[]>(),
	chart: method(chartQuery)<ChartAnswer>(),
	history: method(z.object({ ...ofRun, metric: z.string() }))<Series>(),
	artifacts: method(z.object({ ...ofRun, path: z.string() }))<readonly ArtifactEntry[]>(),
	readArtifact: method(z.object({ ...ofRun, path: z.string(), range }))<ArtifactBytes>(),
	media: method(z.object(ofRun))<readonly MediaSeries[]>(),
	readMedia: method(z.object({ ...ofRun, tag: z.string(), index: z.number() }))<MediaContent>(),
} satisfies Contract;

/** What the worker tells its host. The worker is this program's own other half: the shape is checked, not every run. */
export const libraryEvents = {
	changed: method(
		z.custom<LibraryChange>(
			(change) =>
				typeof change === "object" &&
				change !== null &&
				"stores" in change &&
				"upserted" in change &&
				"removed" in change,
		),
	)<void>(),
	logged: method(
		z.object({
			level: z.enum(["debug", "info", "warn", "error"]),
			message: z.string(),
			details: z.optional(z.record(z.string(), z.unknown())),
		}),
	)<void>(),
} satisfies Contract;

/** Runs in one message: more would hold up the host while it takes them in. */
export const mostRunsPerMessage = 500;
