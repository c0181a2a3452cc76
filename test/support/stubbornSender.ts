import { Agent, request } from "node:http";
import { sign } from "./webhooks";

export interface Sending {
	readonly event: string;
	/** GitHub's GUID: the same however often it is sent. */
	readonly id: string;
	readonly body: string;
	/** Signed with another secret. */
	readonly isForged: boolean;
}

interface Answer {
	/** 0 where none came. */
	readonly status: number;
	readonly retryAfter: string | undefined;
}

const pauseMs = 100;
const answerMs = 20_000;

/** Sends deliveries as GitHub does where every one that was not answered with 2xx is redelivered, under the same id. */
export class StubbornSender {
	/** Answered with 2xx. */
	accepted = 0;
	/** Answered with 401. */
	forged = 0;
	/** Every other answer, in order; a connection that broke has status 0. */
	readonly refusals: Answer[] = [];
	readonly #agent: Agent;

	constructor(
		private readonly url: string,
		private readonly connections = 64,
	) {
		this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
	}

	/** Sends them all, about in their order; resolves when the last one has its answer. */
	async send(count: number, sendingAt: (at: number) => Sending): Promise<void> {
		let next = 0;
		const lane = async () => {
			while (next < count) await this.#persist(sendingAt(next++));
		};
		await Promise.all(Array.from({ length: this.connections }, lane));
		this.#agent.destroy();
	}

	async #persist(sending: Sending): Promise<void> {
		for (;;) {
			const answer = await this.#post(sending);
			if (answer.status >= 200 && answer.status < 300) {
				this.accepted++;
				return;
			}
			if (answer.status === 401) {
				this.forged++;
				return;
			}
			this.refusals.push(answer);
			await new Promise((done) => setTimeout(done, pauseMs));
		}
	}

	#post({ event, id, body, isForged }: Sending): Promise<Answer> {
		return new Promise((done) => {
			const posted = request(`${this.url}/api/webhooks/github`, {
				method: "POST",
				agent: this.#agent,
				timeout: answerMs,
				headers: {
					"content-type": "application/json",
					"content-length": Buffer.byteLength(body),
					"x-github-event": event,
					"x-github-delivery": id,
					"x-hub-signature-256": isForged ? sign(body, "another secret") : sign(body),
				},
			});
			posted.on("response", (response) => {
				const answer = { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] };
				response
					.resume()
					.on("end", () => done(answer))
					.on("error", () => done({ status: 0, retryAfter: undefined }));
			});
			posted.on("timeout", () => posted.destroy());
			posted.on("error", () => done({ status: 0, retryAfter: undefined }));
			posted.end(body);
		});
	}
}
