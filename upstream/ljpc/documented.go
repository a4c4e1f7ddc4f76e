package ljpc

func documented(names ...string) field { return field{names: names, documented: true} }

// The field names that LJPc's document gives.
var (
	fieldJTI     = documented("jti")
	fieldMessage = documented("message")

	fieldTLDPrice          = documented("price")
	fieldTransferSupported = documented("transfer_supported")

	fieldDomain        = documented("domain")
	fieldContactHandle = documented("contact_handle")
	fieldHandle        = documented("handle")
	fieldCountry       = documented("country")

	fieldZone       = documented("zone")
	fieldSource     = documented("source")
	fieldRecords    = documented("records")
	fieldType       = documented("type")
	fieldRecordName = documented("name")
	fieldContent    = documented("content")
	fieldTTL        = documented("ttl")
	fieldPrio       = documented("prio")
	fieldSynced     = documented("synced")

	fieldDiskQuota = documented("disk_quota_bytes")
	fieldDiskUsed  = documented("disk_used_bytes")
	fieldEmailUsed = documented("email_used_bytes")
	fieldURL       = documented("url")

	fieldProducts     = documented("products")
	fieldCategory     = documented("category_identifier")
	fieldMonthlyPrice = documented("monthly_price")

	fieldOrder             = documented("order")
	fieldID                = documented("id")
	fieldSimpleStatus      = documented("simple_status")
	fieldProvisioning      = documented("provisioning")
	fieldOverall           = documented("overall")
	fieldLines             = documented("lines")
	fieldSiteID            = documented("site_id")
	fieldNeedsPayment      = documented("needs_payment")
	fieldNeedsSubscription = documented("needs_subscription")
	fieldReference         = documented("external_reference")
)
