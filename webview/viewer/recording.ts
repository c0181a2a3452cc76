const framesPerSecond = 30;
const bitsPerSecond = 8_000_000;

/** A video of a canvas, as WebM. */
export class Recording {
	readonly #pieces: Blob[] = [];
	readonly startedMs = performance.now();

	/** Null where the browser records nothing. */
	static start(canvas: HTMLCanvasElement): Recording | null {
		const type = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"].find((each) =>
			MediaRecorder.isTypeSupported(each),
		);
		if (!type) return null;
		const stream = canvas.captureStream(framesPerSecond);
		return new Recording(new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: bitsPerSecond }), stream);
	}

	private constructor(
		private readonly recorder: MediaRecorder,
		private readonly stream: MediaStream,
	) {
		recorder.addEventListener("dataavailable", ({ data }) => this.#pieces.push(data));
		recorder.start(1000);
	}

	/** Ends it; the file as base64. */
	async stop(): Promise<string> {
		const ended = new Promise((resolve) => this.recorder.addEventListener("stop", resolve, { once: true }));
		this.recorder.stop();
		await ended;
		for (const track of this.stream.getTracks()) track.stop();
		const url = await new Promise<string>((resolve, reject) => {
			const reader = new FileReader();
			reader.addEventListener("load", () => resolve(String(reader.result)));
			reader.addEventListener("error", () => reject(reader.error));
			reader.readAsDataURL(new Blob(this.#pieces, { type: "video/webm" }));
		});
		return url.slice(url.indexOf(",") + 1);
	}
}
