import type { Database } from "./database";

/** Whoever asks whether the relay is well has it within 200 ms, however slow the database is. */
const patienceMs = 100;

/**
 * Whether the database answers, told at once: what is being asked of it now where that is quick, else what came of it the
 * last time. Asked once for all who want to know at the same time.
 */
export class Pulse {
	#isUp = true;
	#asking: Promise<void> | null = null;

	constructor(private readonly database: Database) {}

	async isUp(): Promise<boolean> {
		this.#asking ??= this.database
			.asRelay((transaction) => transaction.query("select 1"))
			.then(
				() => {
					this.#isUp = true;
				},
				() => {
					this.#isUp = false;
				},
			)
			.finally(() => {
				this.#asking = null;
			});
		let timer: NodeJS.Timeout | undefined;
		const slow = new Promise<void>((done) => {
			timer = setTimeout(done, patienceMs);
		});
		await Promise.race([this.#asking, slow]);
		clearTimeout(timer);
		return this.#isUp;
	}
}
