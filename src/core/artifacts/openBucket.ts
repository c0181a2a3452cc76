import { GammaError } from "../../shared/errors";
import type { ArtifactPlace } from "./artifactPlace";

export interface BucketDoors {
	/** With the person's own account at AWS. */
	readonly own: () => Promise<ArtifactPlace>;
	/** Through the relay; null where it has nothing to do with this bucket, or there is none. */
	readonly lent: (() => Promise<ArtifactPlace>) | null;
	/** False where it is known already that the own account is not taken. */
	readonly mayAskAws: boolean;
}

/**
 * A bucket by the person's own account where that may read it, since it may write too; else as the relay lends it. Where
 * neither answers it is the own, whose refusal says what to do.
 */
export async function openBucket({ own, lent, mayAskAws }: BucketDoors): Promise<ArtifactPlace> {
	const place = await own();
	if (lent === null || (mayAskAws && (await canRead(place)))) return place;
	const other = await lent();
	try {
		await other.list("", null);
		return other;
	} catch (error) {
		// A relay that is away may come back; one that refuses has no bucket for this person.
		return GammaError.is(error, "relay.refused", "relay.unauthorized") ? place : other;
	}
}

/** What has nothing to do with the account, such as a network that is away, is no refusal. */
async function canRead(place: ArtifactPlace): Promise<boolean> {
	try {
		await place.list("", null);
		return true;
	} catch (error) {
		return !GammaError.is(
			error,
			"aws.noCredentials",
			"aws.expiredToken",
			"aws.noRegion",
			"aws.clockSkew",
			"aws.refused",
			"settings.invalid",
		);
	}
}
