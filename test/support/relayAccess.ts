import { Emitter } from "../../src/core/emitter";
import type { RelayAccess } from "../../src/core/relay/relayAccess";
import { GammaError } from "../../src/shared/errors";

/** Access with tokens that the test says: the last is given again and again. */
export function accessTo(url: string, ...tokens: readonly string[]): RelayAccess & { readonly asked: string[] } {
	const left = [...tokens];
	const asked: string[] = [];
	const next = (which: string) => {
		asked.push(which);
		if (which === "renewToken" && left.length > 1) left.shift();
		const [token] = left;
		return token === undefined
			? Promise.reject(new GammaError("relay.unauthorized", "Sign in first."))
			: Promise.resolve(token);
	};
	return {
		snapshot: { state: "ready", url, kind: "local" },
		onDidChange: new Emitter<void>().event,
		token: () => next("token"),
		renewToken: () => next("renewToken"),
		asked,
	};
}
