import type { EndStatus, LoggedPoint, RecordedRun } from "../../core/sidecar/recordedRun";

/** A run whose points are told to somebody else too. */
export class ReportedRun implements RecordedRun {
	constructor(
		private readonly run: RecordedRun,
		private readonly report: (points: readonly LoggedPoint[]) => void,
	) {}

	get id(): string | null {
		return this.run.id;
	}

	get metaPath(): string | null {
		return this.run.metaPath;
	}

	get environment(): Readonly<Record<string, string>> {
		return this.run.environment;
	}

	localPath(artifactPath: string): string {
		return this.run.localPath(artifactPath);
	}

	log(points: readonly LoggedPoint[]): void {
		this.run.log(points);
		this.report(points);
	}

	tag(key: string, value: string): void {
		this.run.tag(key, value);
	}

	keep(artifactPath: string): void {
		this.run.keep(artifactPath);
	}

	finish(status: EndStatus, endTimeMs: number): Promise<string | null> {
		return this.run.finish(status, endTimeMs);
	}
}
