variable "notebooks" {
  type    = map(object({
    root_access = optional(
      string,
      "Enabled",
    )
  }))
  default = {
    ads = {}
  }
}
