"""How the domain lies in the tables; the domain does not know."""

from sqlalchemy.orm import relationship

from services.authorization.domain.account import Account
from services.authorization.domain.association import ProductAssociation
from services.authorization.domain.authorization import Authorization, OpenProduct
from services.authorization.domain.certification import Certification, Proof
from services.authorization.domain.deputyship import Deputyship
from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.membership import Membership
from services.authorization.domain.one_time import OneTimeCode
from services.authorization.domain.partner import PartnerClient
from services.authorization.domain.project import Project, ProjectProduct
from services.authorization.domain.session import SessionSecret, SignInSession
from services.authorization.domain.two_step import TwoStep
from services.authorization.store import tables
from services.authorization.store.tables import mapper

for kind, table in {
    Account: tables.accounts,
    Membership: tables.memberships,
    ProductAssociation: tables.product_associations,
    PartnerClient: tables.partner_clients,
}.items():
    mapper.map_imperatively(kind, table, version_id_col=table.c.version)

mapper.map_imperatively(SignInSession, tables.sessions)
mapper.map_imperatively(TwoStep, tables.two_steps, properties={"sealed": tables.two_steps.c.secret})
mapper.map_imperatively(OneTimeCode, tables.one_time_codes)
mapper.map_imperatively(SessionSecret, tables.session_secrets)
mapper.map_imperatively(Deputyship, tables.deputyships, version_id_col=tables.deputyships.c.version)
mapper.map_imperatively(Proof, tables.certification_proofs)
mapper.map_imperatively(
    Certification,
    tables.certifications,
    version_id_col=tables.certifications.c.version,
    properties={
        "proofs": relationship(
            Proof, order_by=tables.certification_proofs.c.attached_at, lazy="selectin"
        )
    },
)
mapper.map_imperatively(OpenProduct, tables.authorization_products)
mapper.map_imperatively(
    Enterprise,
    tables.enterprises,
    version_id_col=tables.enterprises.c.version,
    properties={
        "business_manager": relationship(
            Account, foreign_keys=tables.enterprises.c.business_manager_id, lazy="joined"
        ),
        "project_manager": relationship(
            Account, foreign_keys=tables.enterprises.c.project_manager_id, lazy="joined"
        ),
    },
)
mapper.map_imperatively(ProjectProduct, tables.project_products)
mapper.map_imperatively(
    Project,
    tables.projects,
    version_id_col=tables.projects.c.version,
    properties={
        "project_manager": relationship(Account, lazy="joined"),
        "placed": relationship(
            ProjectProduct,
            order_by=tables.project_products.c.product,
            cascade="all, delete-orphan",
            lazy="selectin",
        ),
    },
)
mapper.map_imperatively(
    Authorization,
    tables.authorizations,
    version_id_col=tables.authorizations.c.version,
    properties={
        "opened": relationship(
            OpenProduct,
            order_by=tables.authorization_products.c.product,
            cascade="all, delete-orphan",
            lazy="selectin",
        )
    },
)
