variable "books" {
  type = map(object({
    root = optional(bool, true)
  }))
  default = {
    a = {}
    b = { root = true }
  }
}

module "m" {
  source      = "./m"
  for_each    = var.books
  root_access = "Disabled"
}
