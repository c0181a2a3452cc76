environment = "prod"
region      = "eu-central-1"
zones       = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]

nat_per_zone = true
protect      = true

relay_url         = "https://gamma.example.com"
certificate_arn   = "arn:aws:acm:eu-central-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
supabase_url      = "https://example.supabase.co"
supabase_anon_key = "the public key of the Supabase project"
github_app_id     = "1"

github_repositories      = ["example/digits"]
github_deploy_repository = "example/gamma"

image_tag = "0.1.0"

# Two tasks, so that one is replaced while the other serves; a third when streams or work ask for it.
relay  = { cpu = 1024, memory = 2048, least = 2, most = 8, streams_per_task = 5000 }
mlflow = { cpu = 1024, memory = 4096, count = 2 }

log_retention_days = 365
alarm_email        = "oncall@example.com"
