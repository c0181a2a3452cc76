/** A file of its own (dist/aws.cjs): AWS's clients are larger than all else, and only who trains there needs them. */

export { AwsClients } from "../aws/awsClients";
export { toAwsError } from "../aws/awsError";
export { openS3Artifacts } from "../aws/openS3Artifacts";
export { PriceLists } from "../aws/priceLists";
export { readProfiles } from "../aws/readProfiles";
export { SagemakerTrainings } from "../aws/sagemakerTrainings";
export { trainingLog } from "../aws/trainingLog";
export { TrainingService } from "../aws/trainingService";
export { endServerRun } from "../mlflow/endServerRun";
