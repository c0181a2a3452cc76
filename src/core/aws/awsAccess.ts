import { type ErrorCode, GammaError } from "../../shared/errors";
import { Owner } from "../disposable";
import { Emitter, type Event } from "../emitter";
import type { AwsChoice } from "./awsChoice";

/** What is known of the right to ask AWS. `unknown` until somebody asked. */
export type AwsState =
	| { readonly kind: "unknown" | "ready" }
	/** `reason` is one sentence that says what to do. */
	| { readonly kind: AwsObstacle; readonly reason: string; readonly sinceMs: number };

/** What keeps every question from being answered, until a person does something. */
export type AwsObstacle = "missing" | "expired" | "noRegion" | "clockSkew";

const obstacles: Readonly<Partial<Record<ErrorCode, AwsObstacle>>> = {
	"aws.noCredentials": "missing",
	"aws.expiredToken": "expired",
	"aws.noRegion": "noRegion",
	"aws.clockSkew": "clockSkew",
};

export interface AwsAccessParts {
	/** As the settings have it now. */
	readonly readChoice: () => AwsChoice;
	readonly onDidChangeChoice: Event<void>;
}

/**
 * The one place that knows whether AWS can be asked: who asks in the background looks at `mayAsk` first and reports how it
 * went, so that a sign-in that ended is one row and not an error of each part.
 */
export class AwsAccess extends Owner {
	#choice: AwsChoice;
	#state: AwsState = { kind: "unknown" };

	readonly #changed = this.own(new Emitter<void>());
	/** The choice or the state is another. */
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: AwsAccessParts) {
		super();
		this.#choice = parts.readChoice();
		this.own(parts.onDidChangeChoice(() => this.#read()));
	}

	/** The same object until the choice is another: clients may be kept by it. */
	get choice(): AwsChoice {
		return this.#choice;
	}

	get state(): AwsState {
		return this.#state;
	}

	/** False where something stands in the way; `retry` or another choice makes it true again. */
	get mayAsk(): boolean {
		return this.#state.kind === "unknown" || this.#state.kind === "ready";
	}

	/** An answer came: whatever was wrong is not any more. */
	succeeded(): void {
		if (this.#state.kind === "ready") return;
		this.#state = { kind: "ready" };
		this.#changed.fire();
	}

	/** True where the failure is one that only a person can mend: it is told here, once, and nobody else need show it. */
	failed(error: unknown, nowMs = Date.now()): boolean {
		const kind = GammaError.is(error) ? obstacles[error.code] : undefined;
		if (kind === undefined || !GammaError.is(error)) return false;
		const { message: reason } = error;
		if ("reason" in this.#state && this.#state.kind === kind && this.#state.reason === reason) return true;
		this.#state = { kind, reason, sinceMs: nowMs };
		this.#changed.fire();
		return true;
	}

	/** A person signed in, or wants it tried again. */
	retry(): void {
		this.#state = { kind: "unknown" };
		this.#choice = { ...this.parts.readChoice() };
		this.#changed.fire();
	}

	#read(): void {
		const choice = this.parts.readChoice();
		if (JSON.stringify(choice) === JSON.stringify(this.#choice)) return;
		this.#choice = choice;
		this.#state = { kind: "unknown" };
		this.#changed.fire();
	}
}
