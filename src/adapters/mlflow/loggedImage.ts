import type { LoggedImage } from "../../core/mlflow/loggedImages";
import type { ArtifactBytes } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { MediaContent } from "../../shared/run";

/** One sample of a logged image series. Rejects with `artifact.missing` where there is none. */
export async function readImage(
	images: ReadonlyMap<string, readonly LoggedImage[]>,
	tag: string,
	index: number,
	read: (path: string) => Promise<ArtifactBytes>,
): Promise<MediaContent> {
	const image = images.get(tag)?.[index];
	if (image === undefined) {
		throw new GammaError("artifact.missing", `The run has no image ${index} of ${JSON.stringify(tag)}.`);
	}
	const { bytes } = await read(image.path);
	return { kind: "image", mimeType: image.mimeType, bytes };
}
