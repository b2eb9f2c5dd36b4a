"""What authorization refuses, and why: each a sentence, with who can do what about it."""

from shared.errors import (
    Disallowed,
    Exhausted,
    Forbidden,
    Malformed,
    NotFound,
    Outdated,
    Unauthenticated,
    Unavailable,
)


class ChangedSinceRead(Outdated):
    """{name} changed since you read it."""


class BadText(Malformed):
    """The {field} must have 1 to {most} characters, without control characters."""

    fix = "Correct the {field} and send the request again."


class BadEmail(Malformed):
    """That is not an e-mail address."""

    # It is not repeated: people type passwords where the address belongs, and facts are logged.
    fix = "Send an address of the form name@example.com."


class BadPhone(Malformed):
    """ "{phone}" is not a telephone number in international form."""

    fix = "Send the number with + and the country code, as +86 571 5555 0100, or leave it out."


class BadPassword(Malformed):
    """A password has {least} to {most} characters."""

    fix = "Choose a longer one: several words are easy to remember."


class PasswordIsTheAddress(Malformed):
    """The password is the e-mail address."""

    fix = "Choose one that nobody can guess from the address."


class EmailTaken(Disallowed):
    """Somebody registered with the address {email} already."""

    fix = "Sign in with it, or register with another address."


class AccountNotFound(NotFound):
    """There is no account {account}."""

    fix = "Ask for accounts/me to read your own account."


class NobodyRegistered(Disallowed):
    """Nobody has registered with the address {email}."""

    fix = "Ask the person to register with this address first, then repeat this."


class ActsForTheVendor(Disallowed):
    """{email} is one of the vendor's own people and acts for no customer."""

    fix = "Take an account of the enterprise's own people."


class NotACustomer(Forbidden):
    """Only a customer's account can found an enterprise; you act as {account}."""

    fix = "Register an account for the enterprise's administrator and sign in with it."


class NotAPerson(Forbidden):
    """Only people have accounts; {account} is a partner system."""

    fix = "Sign in as a person."


class WrongSignIn(Unauthenticated):
    """The address or the password is wrong."""

    fix = "Check both and try again, or register if you have no account yet."


class TooManyFailures(Exhausted):
    """Signing in with this address failed {failures} times in {minutes} minutes."""

    fix = "Wait {minutes} minutes and try again."


class TooManyFromHere(Exhausted):
    """Signing in failed {failures} times in {minutes} minutes from where you are."""

    fix = "Wait {minutes} minutes and try again; others of your network may have caused it."


class WrongCode(Malformed):
    """The code is wrong, was used before, or is over."""

    fix = "Type the code that is shown or was sent to you last, or ask for another one."

    def __init__(self) -> None:
        super().__init__(field="code")


class TooManyCodes(Exhausted):
    """Too many codes were asked for with this address in {minutes} minutes."""

    fix = "Look for the last one in your mail, also among what was sorted out; or wait an hour."


class SecondStepOver(Unauthenticated):
    """The time for the second step is over, or too many codes were wrong."""

    fix = "Begin the sign-in again with your password."


class TwoStepIsOn(Disallowed):
    """Two-step sign-in is on already."""

    fix = "Switch it off first to set it up with another device."


class TwoStepIsOff(Disallowed):
    """Two-step sign-in is not on."""

    fix = "Set it up first: ask for a secret, then confirm it with a code."


class TwoStepIsRequired(Disallowed):
    """Your roles need two-step sign-in; it cannot be switched off."""

    fix = "Ask whoever runs Millrun if you need to move it to another device."


class NoPassword(Disallowed):
    """This account has no password: it signs in with {provider}."""

    fix = "Change the password there."


class WrongPassword(Malformed):
    """That is not your present password."""

    fix = "Type it again, or have it reset if you forgot it."

    def __init__(self) -> None:
        super().__init__(field="current_password")


class NoProvider(Disallowed):
    """This installation lets nobody sign in elsewhere."""

    fix = "Sign in with address and password."


class ProviderAway(Unavailable):
    """{provider} does not answer as it should at the moment."""

    fix = "Try again in a moment; if it stays so, tell whoever runs Millrun."


class ProviderRefused(Unauthenticated):
    """What {provider} said about you could not be believed."""

    fix = "Begin the sign-in again; if it stays so, tell whoever runs Millrun."


class ProviderSignInOver(Unauthenticated):
    """This sign-in took too long, was finished before, or was begun in another browser."""

    fix = "Begin the sign-in again."


class ProviderMailNotVerified(Forbidden):
    """No verified e-mail address came with your sign-in."""

    fix = "Have your address verified where you sign in, then try again."


class ProviderKnowsAnother(Forbidden):
    """The account with {email} belongs to somebody else there."""

    fix = "Tell whoever runs Millrun: the address may have been given to somebody new."


class AddressNotVerified(Forbidden):
    """Your e-mail address is not verified yet."""

    fix = "Type the code that was sent to it on your account page, or ask for another one there."


class AddressIsVerified(Disallowed):
    """Your e-mail address is verified already."""

    fix = "Nothing is left to do."


class SessionOver(Unauthenticated):
    """The session is over, or never was."""


class SessionNotFound(NotFound):
    """You have no session {session}."""

    fix = "Take the name from the list of your sessions; it may be over already."


class WrongPartnerSecret(Unauthenticated):
    """There is no such partner system, or its secret is another one."""

    fix = (
        "Send the secret it was given last. If that is lost, the enterprise's administrator gives"
        " it another one, and enrols it again if it was revoked."
    )


class TooManyWrongSecrets(Exhausted):
    """The secret of this partner system was wrong {failures} times in {minutes} minutes."""

    fix = "Give the partner system its right secret, and have it try again in {minutes} minutes."


class SpaceNotFound(NotFound):
    """There is no space {space} in which you can act."""

    fix = "Choose one of the spaces listed at your sign-in, or ask its administrator for access."


class EnterpriseNotFound(NotFound):
    """There is no enterprise {enterprise}."""

    fix = "Take the name from your list of spaces; it looks like enterprises/acme."


class BadEnterpriseId(Malformed):
    """ "{enterprise_id}" cannot be the id of an enterprise."""

    fix = "Use 3 to 40 lower-case letters, digits and hyphens, no hyphen at either end."


class EnterpriseIdTaken(Disallowed):
    """The enterprise id {enterprise_id} is taken."""

    fix = "Choose another one, or leave it out to have one made from the legal name."


class BadKind(Malformed):
    """An enterprise is a brand owner, a manufacturer or both."""

    fix = "Send BRAND_OWNER, MANUFACTURER or both as its kinds."


class AlreadyCertified(Disallowed):
    """{legal_name} passed certification already, and not so long ago."""

    fix = "Nothing is left to do; you will be told when it is time to ask for it anew."


class CertificationInThePast(Malformed):
    """The certification would end before it begins."""

    fix = "Choose a later day, or none for the usual time."


class CertificationTooLong(Malformed):
    """A certification is good for {years} years at most: nobody takes one back."""

    fix = "Look at the year again, or give no day for the usual time."


class CertificationDecided(Disallowed):
    """The request {certification} is {state}; nothing can be added to it any more."""

    fix = "The administrator may make a new request, with all its documents."


class TooManyDocuments(Disallowed):
    """A request has at most {most} documents."""

    fix = "Put what belongs together into one PDF."


class CertificationPending(Disallowed):
    """A request for the certification of {legal_name} is waiting for a certifier."""

    fix = "Wait until a certifier decides about it; you will be notified."


class CertificationNotFound(NotFound):
    """There is no request for certification {certification}."""

    fix = "Take the name from the list of requests."


class CertificationCannotBecome(Disallowed):
    """The request {certification} is {state} and cannot become {wanted}."""

    fix = "Only a pending request can be decided; the administrator may make a new one."


class NobodyToAssign(Disallowed):
    """Nobody at the vendor is a {role}, so {legal_name} cannot be given one."""

    fix = "The operator enters one: python -m services.authorization staff --role {role} …"


class NotInRole(Disallowed):
    """{person} is no {role}."""

    fix = "Name an account from the list of staff with this role, or none to assign the freest one."


class MembershipNotFound(NotFound):
    """There is no membership {membership}."""

    fix = "Take the name from the list of members."


class NotCertifiedYet(Disallowed):
    """{legal_name} never passed certification and has nobody here."""

    fix = "A certifier assigns its people when its certification is approved."


class NotYoursToAssign(Forbidden):
    """{legal_name} is another {role}'s customer."""

    fix = "Ask whoever has it in their hands to hand it over, or a certifier to assign it anew."


class ProjectNotFound(NotFound):
    """There is no project {project}."""

    fix = "Take the name from the list of projects."


class ProjectHasNoProducts(Malformed):
    """A project has 1 to {most} products."""

    fix = "Choose the products that are in it, or close it."


class ProjectIsClosed(Disallowed):
    """Project {project} is closed."""

    fix = "Make another one for products that shall be in somebody's hands."


class ProductInAnotherProject(Disallowed):
    """Product {pid} is in the project {project} already."""

    fix = "Ask {project_manager}, who has it, to take the product out, or leave it where it is."


class DeputyOfOneself(Malformed):
    """Nobody is their own deputy."""

    fix = "Name a colleague with the same role."


class BadAbsence(Malformed):
    """An absence ends after it begins, in the future, and lasts {days} days at most."""

    fix = "Send a later end_time, or an earlier one for a shorter absence."


class NotYourAbsence(Forbidden):
    """Only {account} or a certifier arranges who does their work."""

    fix = "Ask them, or a certifier if they cannot."


class AlreadyDeputized(Disallowed):
    """{person} has a deputy at that time already."""

    fix = "End that deputyship first, or choose days before or after it."


class DeputyshipNotFound(NotFound):
    """There is no deputyship {deputyship}."""

    fix = "Take the name from the list of deputyships."


class DeputyshipOver(Disallowed):
    """The deputyship {deputyship} is over already."""

    fix = "Nothing is left to do."


class BadMemberRole(Malformed):
    """A member of an enterprise has at least one of the roles {allowed}, and no other."""

    fix = "Send one or more of these roles."


class CompletesWithoutDeveloping(Malformed):
    """Only R&D people can be allowed to complete development; administrators always are."""

    fix = "Send RND with DEVELOPMENT_COMPLETER, or leave it out."


class LastAdministrator(Disallowed):
    """{email} is the only administrator of {enterprise} and has to stay one."""

    fix = "Make somebody else administrator first."


class BadGrantRole(Malformed):
    """An authorization makes an account a buyer or an R&D person, nothing else."""

    fix = "Send BUYER or RND as its role."


class PurposeNotOfRole(Malformed):
    """A {role} does not order for {purpose}, so an authorization cannot allow it."""

    fix = "Leave the purpose out, or authorize the account as RND."


class BadPurpose(Malformed):
    """A purpose is unknown."""

    fix = "Send DEBUGGING, RND_SAMPLE, TRIAL_PRODUCTION or MASS_PRODUCTION; none means all."


class BadCap(Malformed):
    """A quantity cap is a number of pieces between 1 and {most}."""

    fix = "Give a whole number, or none for an authorization without a cap."


class CapBelowUse(Disallowed):
    """A quantity of {used} was ordered with the authorization already; its cap cannot be {cap}."""

    fix = "Set the cap to {used} or more, or revoke the authorization: open orders stay."


class NothingToChange(Malformed):
    """The request does not say what shall change, or says something that cannot be changed."""

    fix = "Name in update_mask one or more of the fields the API describes there."


class BadQuantities(Malformed):
    """There are {quantities} quantities for {products} products."""

    fix = "Send one quantity a product, none below zero, or no quantity at all."


class NotAnOrderOfYours(NotFound):
    """There is no order {order} in your space."""

    fix = "Take the name from the list of orders."


class NoProducts(Malformed):
    """An authorization is for at least one product."""

    fix = "Name the products that shall be open."


class ExpiryInThePast(Malformed):
    """The authorization would end before it begins."""

    fix = "Choose a later day, or none for an authorization that does not end by itself."


class ProductNotFound(NotFound):
    """There is no product {product} that {enterprise} may order."""

    fix = (
        "Take a product of your own or one associated with you; "
        "one that was just created is known in a moment."
    )


class AuthorizationNotFound(NotFound):
    """There is no authorization {authorization}."""

    fix = "Take the name from the list of authorizations."


class AuthorizationCannotBecome(Disallowed):
    """The authorization {authorization} is {state} and cannot become {wanted}."""

    fix = "Nothing is left to take back; grant a new one if it is needed again."


class AuthorizationOver(Disallowed):
    """The authorization {authorization} is {state} and is not changed any more."""

    fix = "Grant a new one if it is needed again."


class UnknownProduct(NotFound):
    """There is no product {product}."""

    fix = "Take the name from the brand owner's product page; a new one is known in a moment."


class NotAProductId(Malformed):
    """No product can have the PID "{product_id}"."""

    fix = "Ask the brand owner for the PID: 8 to 32 letters and digits, nothing between them."


class OwnProduct(Disallowed):
    """{product} is {manufacturer}'s own and needs no association."""

    fix = "Name the manufacturer that builds it for its owner."


class NotAManufacturer(Disallowed):
    """{legal_name} is no manufacturer."""

    fix = "Products are opened to manufacturers; name one."


class AlreadyAssociated(Disallowed):
    """{product} is open to {manufacturer} already."""

    fix = "Nothing is left to do."


class AssociationNotFound(NotFound):
    """There is no product association {association}."""

    fix = "Take the name from the list of product associations."


class AlreadyProposed(Disallowed):
    """You proposed an association for {product} already."""

    fix = "The product's owner decides about it; withdraw it if the name is wrong."


class NotYoursToDecide(Forbidden):
    """Only the owner of the product decides about the product association {association}."""

    fix = "Ask the administrator of the brand owner, or your project manager at the vendor."


class AssociationCannotBecome(Disallowed):
    """The product association {association} is {state} and cannot become {wanted}."""

    fix = "Read it again; a manufacturer or a project manager begins a new one if it is needed."


class PartnerClientNotFound(NotFound):
    """There is no partner system {partner_client}."""

    fix = "Take the name from the list of partner systems."


class PartnerClientOver(Disallowed):
    """The partner system {partner_client} was revoked."""

    fix = "Enrol a new one if it is needed again."


class BadEventType(Malformed):
    """ "{event_type}" is not a type of event that is told of orders."""

    fix = "Send a type that is, or a kind of them; the nearest are {nearest}."


class ScopeTooLarge(Malformed):
    """A partner system is limited to {most} types of events and {most} products at most."""

    fix = "Use payment.payment.* for all of a kind, leave one of both out, or enrol another system."


class PartnerClientCannotBecome(Disallowed):
    """The partner system {partner_client} is {state} and cannot become {wanted}."""

    fix = "Nothing is left to take back; enrol a new one if it is needed again."


class TooManyProducts(Malformed):
    """{count} products were asked about at once; at most {most} can be."""

    fix = "Ask about fewer products at a time."


class BadRole(Malformed):
    """A role is missing or unknown."""

    fix = "Send one of the roles the API describes, for example BUYER."


class BadStaffRole(Malformed):
    """One of the vendor's own people has at least one of the vendor's roles, and no other."""

    fix = "Give business_manager, project_manager, finance, production, certifier, or several."
