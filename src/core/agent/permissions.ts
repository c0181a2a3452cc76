import * as z from "zod/mini";
import type { GivenPermission } from "./agent";

/** What a person decided for more than once. `target` narrows it: a tool's own word for what it is about; null for all. */
export interface Permission extends GivenPermission {
	readonly target: string | null;
	/** Of scope `conversation`. */
	readonly conversationId: string | null;
}

const storedSchema = z.array(
	z.object({
		id: z.string(),
		tool: z.string(),
		decision: z.enum(["allow", "deny"]),
		label: z.string(),
		target: z.nullable(z.string()),
	}),
);

/** Where what holds beyond a conversation is kept: by the editor for the workspace and for the person, never in a file of the folder. */
export interface PermissionMemory {
	get(scope: "project" | "always"): unknown;
	set(scope: "project" | "always", value: unknown): void;
}

/** Permissions by scope. What a tool returns, a file says or a model writes never comes here: only a person's answer does. */
export class Permissions {
	#given: readonly Permission[];

	constructor(private readonly memory: PermissionMemory) {
		const stored = (["project", "always"] as const).flatMap((scope) => {
			const { data } = storedSchema.safeParse(memory.get(scope));
			return (data ?? []).map((one) => ({ ...one, scope, conversationId: null }));
		});
		this.#given = stored;
	}

	get all(): readonly Permission[] {
		return this.#given;
	}

	/** The decision that holds for this call; a refusal counts more than a leave. */
	decisionOf(tool: string, target: string | null, conversationId: string): "allow" | "deny" | null {
		const holding = this.#given.filter(
			(one) =>
				one.tool === tool &&
				(one.target === null || one.target === target) &&
				(one.conversationId === null || one.conversationId === conversationId),
		);
		if (holding.some(({ decision }) => decision === "deny")) return "deny";
		return holding.length > 0 ? "allow" : null;
	}

	give(permission: Permission): void {
		const isSame = (one: Permission) =>
			one.tool === permission.tool &&
			one.target === permission.target &&
			one.scope === permission.scope &&
			one.conversationId === permission.conversationId;
		this.#given = [...this.#given.filter((one) => !isSame(one)), permission];
		this.#store();
	}

	revoke(id: string): void {
		this.#given = this.#given.filter((one) => one.id !== id);
		this.#store();
	}

	#store(): void {
		for (const scope of ["project", "always"] as const) {
			this.memory.set(
				scope,
				this.#given
					.filter((one) => one.scope === scope)
					.map(({ id, tool, decision, label, target }) => ({ id, tool, decision, label, target })),
			);
		}
	}
}
