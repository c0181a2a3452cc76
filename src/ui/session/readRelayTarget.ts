import { type RelayTarget, toRelayTarget } from "../../core/relay/relayTarget";
import { readSetting } from "../settings";

export const relaySettingKeys = ["relay.url", "relay.supabaseUrl", "relay.supabaseAnonKey"] as const;

/** Which relay the person's settings name now. */
export function readRelayTarget(): RelayTarget {
	return toRelayTarget({
		url: readSetting("relay.url"),
		supabaseUrl: readSetting("relay.supabaseUrl"),
		supabaseAnonKey: readSetting("relay.supabaseAnonKey"),
	});
}
