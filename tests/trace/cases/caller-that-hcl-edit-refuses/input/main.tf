variable "k" {
  default = "k"
}

module "twice" {
  source      = "./nb"
  root_access = "twice"
  tags        = {
    Name = "a"
    Team = { x = 1, x = 2 }
    Name = "b"
  }
}

module "computed" {
  source      = "./nb"
  root_access = "computed"
  tags        = { (var.k) = 1, (var.k) = 2, "${var.k}" = 3, 1 = 4, 1 = 5 }
}

module "merged" {
  source      = "./nb"
  root_access = "merged"
  tags        = merge({ a = 1, a = 2 }, [{ b = 1, b = 2 }][0])
}

module "brackets" {
  source      = "./nb"
  root_access = "brackets"
  tags        = ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
}

module "lists" {
  source      = "./nb"
  root_access = "lists"
  tags        = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
}

module "conditionals" {
  source      = "./nb"
  root_access = "conditionals"
  tags        = true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : true ? 1 : 2
}

module "operators" {
  source      = "./nb"
  root_access = "operators"
  tags        = 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1
}

module "huge" {
  source      = "./nb"
  root_access = "huge"
  tags        = 1e400 > 1e399
}

module "loop" {
  source      = "./nb"
  root_access = "loop"
  tags        = [for x in [1, 2] : x == 1
    ? "a"
  : "b"]
}

module "heredoc" {
  source      = "./nb"
  root_access = "heredoc"
  tags        = <<EOF
EOF is not yet here
  module "no" {
EOF # nor here
EOF
}

module "empty" {
  source      = "./nb"
  root_access = "empty"
  tags        = [<<EOF
EOF
    , <<EOF
EOF
  ]
}

# a carriagereturn
module "return" {
  source      = "./nb"
  root_access = "return" // heretoo
}
