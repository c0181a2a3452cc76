import { Recording } from "./recording";
import type { ViewerSession } from "./viewerSession";
import type { Viewing } from "./viewing";

export const speeds = [0.1, 0.25, 0.5, 1, 2, 4, 10] as const;

/** What buttons and keys do alike. */
export class ViewerActions {
	isHelpOpen = false;
	recording: Recording | null = null;
	/** The last thing that was said to the person. */
	said = "";
	#keyframe = -1;

	constructor(
		private readonly session: ViewerSession,
		private readonly viewing: Viewing,
	) {}

	togglePlay(): void {
		const { player } = this.viewing;
		if (!player) return;
		if (!player.isPlaying && !player.canSeek && player.isOver) {
			void player.reset().then(() => {
				player.isPlaying = true;
				this.viewing.restart();
				this.viewing.changed();
			});
			return;
		}
		if (!player.isPlaying && player.canSeek && player.timeS >= player.endS - 1e-9) void player.seek(0);
		player.isPlaying = !player.isPlaying;
		this.viewing.changed();
	}

	step(): void {
		void this.viewing.player?.step().then(() => this.viewing.changed());
	}

	stepBack(): void {
		void this.viewing.player?.stepBack().then(() => this.viewing.changed());
	}

	reset(keyframe = -1): void {
		void this.viewing.player?.reset(keyframe).then(() => {
			this.viewing.restart();
			this.viewing.changed();
		});
	}

	nextKeyframe(): void {
		const count = this.viewing.physics?.model.nkey ?? 0;
		if (count === 0) return;
		this.#keyframe = (this.#keyframe + 1) % count;
		this.reset(this.#keyframe);
	}

	nextCamera(): void {
		const names = ["", ...(this.viewing.physics?.names("cam") ?? [])];
		const next = names[(names.indexOf(this.session.kept.camera) + 1) % names.length] ?? "";
		this.session.keep({ camera: next });
		this.viewing.changed();
	}

	nextBody(by: 1 | -1): void {
		const count = this.viewing.physics?.model.nbody ?? 1;
		if (count < 2) return;
		const at = this.viewing.picked ?? (by > 0 ? 0 : count);
		this.pick(((at - 1 + by + count - 1) % (count - 1)) + 1);
	}

	pick(body: number | null): void {
		this.viewing.picked = body;
		this.viewing.changed();
	}

	track(): void {
		const { viewing } = this;
		viewing.tracked = viewing.tracked === viewing.picked ? null : viewing.picked;
		if (viewing.tracked === 0) viewing.tracked = null;
		viewing.changed();
	}

	changeSpeed(by: 1 | -1): void {
		const at = speeds.findIndex((speed) => speed >= this.session.kept.speed);
		this.setSpeed(speeds[Math.max(0, Math.min(speeds.length - 1, (at < 0 ? 3 : at) + by))] ?? 1);
	}

	setSpeed(speed: number): void {
		this.session.keep({ speed });
		if (this.viewing.player) this.viewing.player.speed = speed;
		this.viewing.changed();
	}

	toggleHelp(): void {
		this.isHelpOpen = !this.isHelpOpen;
		this.session.changed();
	}

	async savePicture(): Promise<void> {
		await this.#save("png", this.viewing.picture());
	}

	/** Begins a recording, or ends the one that is under way and saves it. */
	async toggleRecording(): Promise<void> {
		const { canvas } = this.viewing;
		const { recording } = this;
		if (recording) {
			this.recording = null;
			await this.#save("webm", await recording.stop());
		} else if (canvas) {
			this.recording = Recording.start(canvas);
			if (!this.recording) this.said = "This window cannot record videos.";
			this.session.changed();
		}
	}

	async #save(format: "png" | "webm", base64: string): Promise<void> {
		try {
			const isSaved = await this.session.host.callPatiently("save", { format, base64 });
			this.said = isSaved ? "Saved." : "";
		} catch (error) {
			this.said = error instanceof Error ? error.message : String(error);
		}
		this.session.changed();
	}
}
