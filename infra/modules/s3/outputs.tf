output "bucket" {
  description = "The bucket's name."
  value       = aws_s3_bucket.artifacts.bucket
}

output "bucket_arn" {
  description = "The bucket, for policies."
  value       = aws_s3_bucket.artifacts.arn
}
