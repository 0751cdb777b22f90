variable "notebooks" {
  type    = map(object({
    root_access = optional(
      string,
      "Disabled",
    )
  }))
  default = {
    ads = {}
  }
}
