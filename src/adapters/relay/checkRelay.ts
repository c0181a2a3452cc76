import { silentLogger } from "../../core/logger";
import { RelayClient } from "./relayClient";

/** Does a relay answer there, and take this token? Rejects as the port `Relay` does, with one sentence. */
export async function checkRelay(url: string, token: string): Promise<void> {
	const give = async () => token;
	const access = { snapshot: { state: "ready", url, kind: "shared" }, token: give, renewToken: give } as const;
	await new RelayClient({ url, access, logger: silentLogger }).projects();
}
