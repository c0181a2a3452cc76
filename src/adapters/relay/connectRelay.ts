import { RelayJobs, type RelayJobsParts } from "../../core/jobs/relayJobs";
import type { Logger } from "../../core/logger";
import type { Relay } from "../../core/relay/relay";
import type { RelayAccess } from "../../core/relay/relayAccess";
import { RelayClient } from "./relayClient";
import { RelayFeed } from "./relayFeed";

export interface ConnectRelayParts extends Pick<RelayJobsParts, "isShown" | "ownCommits" | "urlOf"> {
	readonly url: string;
	readonly access: RelayAccess;
	readonly logger: Logger;
}

/** Asks this relay from now on: for what it is asked, and for the jobs of the projects that are shown, until these are disposed. */
export function connectRelay({ url, access, logger, ...parts }: ConnectRelayParts): { relay: Relay; jobs: RelayJobs } {
	const client = new RelayClient({ url, access, logger });
	const jobs = new RelayJobs({
		...parts,
		url,
		relay: client,
		follow: (projectId, reader) => new RelayFeed({ client, projectId, reader, logger }),
		logger,
	});
	return { relay: client, jobs };
}
