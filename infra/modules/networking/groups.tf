# Who may speak to whom: the world to the load balancer, the load balancer to the relay, the relay to MLflow, tasks outwards.

resource "aws_security_group" "alb" {
  #checkov:skip=CKV2_AWS_5:module ecs attaches it; the check does not look into another module
  name        = "${var.name}-alb"
  description = "The load balancer: HTTPS from everywhere, to the relay only"
  vpc_id      = aws_vpc.this.id
}

resource "aws_security_group" "relay" {
  #checkov:skip=CKV2_AWS_5:module ecs attaches it; the check does not look into another module
  name        = "${var.name}-relay"
  description = "The relay: from the load balancer only"
  vpc_id      = aws_vpc.this.id
}

resource "aws_security_group" "mlflow" {
  #checkov:skip=CKV2_AWS_5:module ecs attaches it; the check does not look into another module
  name        = "${var.name}-mlflow"
  description = "MLflow: from the relay and from trainings only"
  vpc_id      = aws_vpc.this.id
}

resource "aws_security_group" "training" {
  #checkov:skip=CKV2_AWS_5:SageMaker attaches it to a training that names it (.gamma/train.json)
  name        = "${var.name}-training"
  description = "Trainings in SageMaker: nobody reaches them, they reach MLflow and AWS"
  vpc_id      = aws_vpc.this.id
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "AWS inside the network: from tasks only"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "world_to_alb" {
  #checkov:skip=CKV_AWS_260:port 80 only answers with the way to 443
  for_each = { http = 80, https = 443 }

  security_group_id = aws_security_group.alb.id
  description       = "GitHub, AWS and the editors"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_egress_rule" "alb_to_relay" {
  security_group_id            = aws_security_group.alb.id
  description                  = "Requests and health"
  referenced_security_group_id = aws_security_group.relay.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_ingress_rule" "alb_to_relay" {
  security_group_id            = aws_security_group.relay.id
  description                  = "Requests and health"
  referenced_security_group_id = aws_security_group.alb.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_egress_rule" "relay_to_mlflow" {
  security_group_id            = aws_security_group.relay.id
  description                  = "MLflow behind the relay"
  referenced_security_group_id = aws_security_group.mlflow.id
  ip_protocol                  = "tcp"
  from_port                    = 5000
  to_port                      = 5000
}

resource "aws_vpc_security_group_ingress_rule" "relay_to_mlflow" {
  security_group_id            = aws_security_group.mlflow.id
  description                  = "The relay's reads"
  referenced_security_group_id = aws_security_group.relay.id
  ip_protocol                  = "tcp"
  from_port                    = 5000
  to_port                      = 5000
}

resource "aws_vpc_security_group_egress_rule" "training_to_mlflow" {
  security_group_id            = aws_security_group.training.id
  description                  = "A training's run"
  referenced_security_group_id = aws_security_group.mlflow.id
  ip_protocol                  = "tcp"
  from_port                    = 5000
  to_port                      = 5000
}

resource "aws_vpc_security_group_ingress_rule" "training_to_mlflow" {
  security_group_id            = aws_security_group.mlflow.id
  description                  = "A training's run"
  referenced_security_group_id = aws_security_group.training.id
  ip_protocol                  = "tcp"
  from_port                    = 5000
  to_port                      = 5000
}

# Packages that a training installs, data elsewhere, and AWS.
resource "aws_vpc_security_group_egress_rule" "training_outwards" {
  security_group_id = aws_security_group.training.id
  description       = "HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "to_endpoints" {
  for_each = {
    relay    = aws_security_group.relay.id
    mlflow   = aws_security_group.mlflow.id
    training = aws_security_group.training.id
  }

  security_group_id            = aws_security_group.endpoints.id
  description                  = "AWS inside the network, from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# Outwards: HTTPS (GitHub, Supabase, Claude, AWS) and PostgreSQL; Supabase's pooler listens on 6543 too.
resource "aws_vpc_security_group_egress_rule" "tasks_outwards" {
  for_each = {
    for pair in setproduct(["relay", "mlflow"], [443, 5432, 6543]) : "${pair[0]}-${pair[1]}" => { task = pair[0], port = pair[1] }
  }

  security_group_id = each.value.task == "relay" ? aws_security_group.relay.id : aws_security_group.mlflow.id
  description       = "Services and the database"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}
