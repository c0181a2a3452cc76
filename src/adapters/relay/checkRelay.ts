import { silentLogger } from "../../core/logger";
import { RelayClient } from "./relayClient";

/** Does a relay answer there, and take this token? Rejects as the port `Relay` does, with one sentence. */
export async function checkRelay(url: string, token: string): Promise<void> {
	const access = { token: async () => token, renewToken: async () => token };
	await new RelayClient({ url, access, logger: silentLogger }).projects();
}
