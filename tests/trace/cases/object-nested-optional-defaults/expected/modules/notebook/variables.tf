variable "config" {
  type    = object({
    security = optional(object({
      root_access = optional(string, "Disabled")
    }), {})
  })
  default = {}
}
