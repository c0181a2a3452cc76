environment = "dev"
region      = "eu-central-1"
zones       = ["eu-central-1a", "eu-central-1b"]

# One NAT gateway costs about 33 USD a month; the loss of its zone cuts the relay off from GitHub until it is back.
nat_per_zone = false
protect      = false

relay_url         = "https://gamma-dev.example.com"
certificate_arn   = "arn:aws:acm:eu-central-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
supabase_url      = "https://example-dev.supabase.co"
supabase_anon_key = "the public key of the Supabase project"
github_app_id     = "1"

github_repositories      = ["example/digits"]
github_deploy_repository = "example/gamma"

image_tag = "0.1.0"

relay  = { cpu = 256, memory = 512, least = 1, most = 2, streams_per_task = 2000 }
mlflow = { cpu = 512, memory = 2048, count = 1 }

log_retention_days = 365
