/** A file of its own (dist/aws.cjs): AWS's clients are larger than all else, and only who trains there needs them. */
export { S3Artifacts } from "../artifacts/s3Artifacts";
export { AwsClients } from "../aws/awsClients";
export { toAwsError } from "../aws/awsError";
export { readProfiles } from "../aws/readProfiles";
export { SagemakerTrainings } from "../aws/sagemakerTrainings";
export { TrainingService } from "../aws/trainingService";
export { endServerRun } from "../mlflow/endServerRun";
